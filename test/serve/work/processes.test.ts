import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { archiveOf } from '../../../scripts/serve/archives.js';
import { BackendError } from '../../../src/errors.js';
import { Fault } from '../../../src/serve/api/fault.js';
import { Bench } from '../../../src/serve/work/bench.js';
import { Overtaxed, type ImportJob } from '../../../src/serve/work/job.js';
import { pack, unpackNow } from '../../../src/serve/work/packed.js';
import { SameThread } from '../../../src/serve/work/sameThread.js';
import { Processes, type ProcessesOptions } from '../../../src/serve/work/processes.js';
import { bundled } from '../../bundled.js';
import { smallMembers } from '../running.js';

const folder = mkdtempSync(join(tmpdir(), 'inline-scan-workers-'));
const file = join(folder, 'worker.js');
const events: string[] = [];
const opened: Processes[] = [];
const members = smallMembers();

beforeAll(async () => {
  await bundled({ worker: 'src/serve/work/worker.ts' }, folder);
}, 30_000);
afterEach(async () => { await Promise.all(opened.splice(0).map((one) => one.close())); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

function processes(more: Partial<ProcessesOptions> = {}): Processes {
  const made = new Processes({ file, advisories: null, cacheDir: folder, jobsOfOne: 1, most: 2, log: (event) => events.push(event), ...more });
  opened.push(made);
  return made;
}

async function importJob(change: (text: string) => string = (text) => text): Promise<ImportJob> {
  const { digest, imageId, name } = await archiveOf(members, { account: 'mine', number: 1 });
  const manifest = JSON.parse(members.get('archive_manifest') ?? '') as { image_digest: string; metadata: { image_id: string } };
  const replaced = (text: string): string => text.replaceAll(manifest.image_digest, digest).replaceAll(manifest.metadata.image_id, imageId).replaceAll('docker.io/library/small:1', name);
  return {
    kind: 'import', account: 'mine', claimed: { digest, imageId, name },
    members: new Map([...members].map(([member, text]) => [member, new Uint8Array(Buffer.from(member === 'analysis' ? change(replaced(text)) : replaced(text)))])),
  };
}

describe('a worker', () => {
  test('says what the thread that answers would say, and gives the report back whole', async () => {
    const [here, there] = [new SameThread(new Bench(null)), processes()];
    const [imported, same] = [await there.run(await importJob()), await here.run(await importJob())];
    expect({ ...imported, report: unpackNow(imported.report).toString() }).toEqual({ ...same, report: unpackNow(same.report).toString() });
    expect(JSON.parse(unpackNow(imported.report).toString())).toHaveProperty('document');
    const job = { kind: 'evaluate' as const, digest: 'sha256:1', names: ['docker.io/a:1', 'docker.io/b:2'], policy: undefined, now: Date.parse('2026-11-28T00:00:00Z') };
    const [made, madeHere] = [await there.run({ ...job, report: imported.report }), await here.run({ ...job, report: same.report })];
    const plain = (all: typeof made): unknown => all.map(({ body, ...rest }) => ({ ...rest, evaluation: JSON.parse(unpackNow(body).toString()) as unknown }));
    expect(plain(made)).toEqual(plain(madeHere));
    expect(made.map(({ row }) => [row.name, row.verdict])).toEqual([['docker.io/a:1', 'stop'], ['docker.io/b:2', 'stop']]);
  });

  test.each<[string, (text: string) => string, number, RegExp]>([
    ['no JSON', () => '{', 409, /is not JSON/],
    ['another image', (text) => text.replace(/"imageId":"\w{64}"/, `"imageId":"${'0'.repeat(64)}"`), 400, /another image/],
  ])('%s is told as it would be here', async (_, change, status, message) => {
    const failure: unknown = await processes().run(await importJob(change)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Fault);
    expect(failure).toMatchObject({ status, message: expect.stringMatching(message) as unknown });
  });

  test('advisories that cannot be had are the backend\'s failure, and no clean bill', async () => {
    const report = pack(members.get('analysis') ?? '');
    const failure = processes({ advisories: 'http://127.0.0.1:9/none', jobsOfOne: 4 }).run({ kind: 'match', report, digest: 'sha256:1' });
    await expect(failure).rejects.toBeInstanceOf(BackendError);
  }, 60_000);

  test('a bug keeps its stack', async () => {
    const failure: unknown = await processes().run({ kind: 'match', report: new Uint8Array([1, 2, 3]), digest: '' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'incorrect header check', stack: expect.stringContaining('worker.js') as unknown });
  });
});

describe('others are answered', () => {
  test('while a large report is read', async () => {
    const rows = Array.from({ length: 200_000 }, (_, row) => `"/srv/${row}":"0o644"`).join(',');
    const job = await importJob((text) => text.replace('"files.all":{"base":{', `"files.all":{"base":{${rows},`));
    const ended: string[] = [];
    const reading = processes().run(job).then(() => { ended.push('read'); });
    for (let answers = 0; answers < 50; answers += 1) await turn();
    expect(ended).toEqual([]);
    await reading;
  });

  test('when one dies of what it reads, and the next is taken by another', async () => {
    // small to send, and large when it is read
    const bomb = await importJob((text) => text.replace('"docker_history":[', `"docker_history":[${'{},'.repeat(3_000_000)}`));
    const pool = processes({ memory: 48, most: 1 });
    const [died, next] = await Promise.allSettled([pool.run(bomb), pool.run(await importJob())]);
    expect(died).toMatchObject({ status: 'rejected', reason: expect.any(Overtaxed) as unknown });
    expect((died as PromiseRejectedResult).reason).toMatchObject({ isCertain: true, message: expect.stringContaining('48 MB') as unknown });
    expect(next.status).toBe('fulfilled');
    expect(events).toContain('worker ended');
  }, 30_000);

  test('when one takes for ever', async () => {
    const silent: Server = createServer(() => undefined);
    await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve); });
    const pool = processes({ advisories: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`, time: 8000, most: 1 });
    try {
      const waits = pool.run({ kind: 'match', report: pack(members.get('analysis') ?? ''), digest: '' });
      const next = pool.run(await importJob());
      await expect(waits).rejects.toThrow('took longer than the 8 seconds');
      expect(await next).toHaveProperty('report');
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  }, 60_000);
});

test('jobs are dealt to all workers, and counted', async () => {
  const pool = processes({ most: 2 });
  const jobs = await Promise.all(Array.from({ length: 5 }, () => importJob()));
  const running = jobs.map((job) => pool.run(job));
  expect(pool.load).toEqual({ waiting: 3, working: 2 });
  await Promise.all(running);
  expect(pool.load).toEqual({ waiting: 0, working: 0 });
});

test('what is at work when it is closed is told so', async () => {
  const pool = processes({ most: 1 });
  const settled = Promise.allSettled([pool.run(await importJob()), pool.run(await importJob())]);
  await pool.close();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
