import { expect, test } from '@jest/globals';
import { Later } from '../../src/serve/later.js';
import { notifier } from '../../src/serve/webhooks.js';
import { webhookDispatcher } from '../../src/serve/webhookTargets.js';

type Event = readonly [event: string, fields: Readonly<Record<string, unknown>>];

test('what has the same name is done in order, what has another is not held up, and a step that fails is told', async () => {
  const events: Event[] = [];
  const later = new Later((event, fields) => { events.push([event, fields]); });
  const done: string[] = [];
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => { goOn = resolve; });
  later.add('a', async () => { await held; done.push('a1'); });
  later.add('a', async () => { done.push('a2'); throw new Error('broken'); });
  later.add('a', async () => { done.push('a3'); });
  later.add('b', async () => { done.push('b1'); });
  expect([later.length('a'), later.length('b'), later.length('c')]).toEqual([3, 1, 0]);
  expect(await later.finished(0)).toBe(false);
  expect(done).toEqual(['b1']);
  expect([later.length('a'), later.length('b')]).toEqual([3, 0]);
  goOn();
  expect(await later.finished(60_000)).toBe(true);
  expect(done).toEqual(['b1', 'a1', 'a2', 'a3']);
  expect(later.length('a')).toBe(0);
  expect(events).toEqual([['failed', { what: 'a', error: 'broken' }]]);
});

test('ten thousand events of an account wait; the next are dropped and logged, and other accounts are told as before', async () => {
  const events: Event[] = [];
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => { events.push([event, fields]); };
  const later = new Later(log);
  const network = webhookDispatcher(false, {});
  const notify = notifier({ store: { webhooks: async () => [] }, dispatcher: network, letInside: false, retry: { sleep: async () => undefined, random: () => 0 }, log, now: () => new Date(0) }, later);
  for (let count = 0; count < 10_002; count += 1) notify('mine', 'verdict', { verdict: 'stop' });
  notify('other', 'verdict', { verdict: 'stop' });
  expect(later.length('webhook events of mine')).toBe(10_000);
  expect(later.length('webhook events of other')).toBe(1);
  expect(events).toEqual(Array.from({ length: 2 }, () => ['webhook event dropped', {
    account: 'mine', dropped: 'verdict', verdict: 'stop', why: '10000 events wait to be told. See that every receiver answers, or delete its webhook.',
  }]));
  expect(await later.finished(60_000)).toBe(true);
  notify('mine', 'verdict', { verdict: 'go' });
  expect(later.length('webhook events of mine')).toBe(1);
  expect(await later.finished(60_000)).toBe(true);
  expect(events).toHaveLength(2);
  await network.close();
});
