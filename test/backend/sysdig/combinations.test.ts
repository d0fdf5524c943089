import { describe, expect, test } from '@jest/globals';
import { ScanError } from '../../../src/errors.js';
import { cutShort, drip, reset, silence } from '../../http/server.js';
import { converse } from './conversation.js';
import { altered, lostReply, ROUTES, says, type Step } from './standIn.js';
import { DIGEST } from './subject.js';

/** What can happen to any request. */
const FAULTS: readonly [string, Step][] = [
  ...[400, 401, 403, 404, 405, 409, 413, 429, 500, 501, 502, 503].map((code): [string, Step] => [String(code), says(code, { message: 'no' })]),
  ['302', says(302, '', { location: 'https://example.com/' })], ['204', says(204, '')],
  ['a reset', reset], ['a lost reply', lostReply], ['half a body', cutShort], ['silence', silence], ['a drip', drip],
  ['a web page', says(200, '<html>')], ['nothing', says(200, '')], ['[]', says(200, '[]')], ['{}', says(200, '{}')], ['null', says(200, 'null')], ['"pass"', says(200, '"pass"')],
  ['half of the JSON', altered((text) => text.slice(0, text.length / 2))],
  ['another digest', altered((text) => text.replaceAll(DIGEST, `sha256:${'9'.repeat(64)}`))],
];

/** Real milliseconds; enough for an answer from this machine. */
const TIMEOUT = 400;

/** The image does not pass: whatever goes wrong, nothing may say that it does, and the backend holds it once or not at all. */
describe.each(FAULTS)('%s', (_, fault) => {
  test.each(['once', 'always'] as const)('%s, of each endpoint', async (often) => {
    // several at a time: most of what they do is to wait
    await Promise.all(ROUTES.map(async (route) => {
      const script = often === 'once' ? { steps: { [route]: [fault] } } : { always: { [route]: fault } };
      const { evaluation, error, backend } = await converse({ ...script, verdict: 'stop' }, { timeout: TIMEOUT, patience: 60_000 });
      const stored = backend.stored.get(DIGEST) ?? 0;
      const told = { route, stored, status: evaluation?.status ?? 'error' };
      if (evaluation === undefined) {
        expect(error).toBeInstanceOf(ScanError);
        expect(error?.message).toMatch(/^[A-Z].+\. [A-Z]/);
        expect(stored).toBeLessThanOrEqual(1);
      } else expect(told).toEqual({ route, stored: 1, status: 'fail' });
    }));
  }, 180_000);
});

test('an image that the backend would let pass does not, where its word never comes through', async () => {
  const told = await Promise.all(FAULTS.map(async ([name, fault]) => {
    const { evaluation, backend } = await converse({ always: { check: fault } }, { timeout: TIMEOUT, patience: 60_000 });
    return { name, passed: evaluation !== undefined, stored: backend.stored.get(DIGEST) ?? 0 };
  }));
  expect(told.filter(({ passed }) => passed)).toEqual([]);
  expect(told.filter(({ stored }) => stored > 1)).toEqual([]);
}, 180_000);
