import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/** Enough for two threads. */
const REPORTS = 16;

const place = mkdtempSync(join(tmpdir(), 'inline-scan-threads-'));
const bundle = join(place, 'bundle');
const report = join(place, 'report.json');

beforeAll(async () => {
  writeFileSync(report, JSON.stringify([{ image: { imageId: 'ab'.repeat(32), imagedata: { analysis_report: {}, image_report: { meta: { humanname: 'docker.io/library/app:1' } } } } }]));
  await run(['scripts/build.js', bundle]);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, words, { env: { PATH: process.env['PATH'], INLINE_SCAN_CACHE_DIR: join(place, 'cache') } }, (_, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }));
  });
}

/** Runs the bundle; `probe` runs first, on its thread and on those that it starts. */
function evaluate(out: string, probe: string): Promise<Ran> {
  const script = `import { isMainThread, parentPort } from 'node:worker_threads'; ${probe}`;
  return run([
    '--import', `data:text/javascript,${encodeURIComponent(script)}`, join(bundle, 'cli.js'), 'evaluate', ...Array.from({ length: REPORTS }, () => report),
    '--advisories', 'none', '--fail-on', 'never', '--output-directory', join(place, out),
  ]);
}

test('many reports are evaluated by worker threads of the bundle, where there is more than one core', async () => {
  const { status, stdout, stderr } = await evaluate('out', "let threads = 0; process.on('worker', () => threads++); if (isMainThread) process.on('exit', () => console.error(`${threads} threads`));");
  expect(status).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(REPORTS);
  expect(readdirSync(join(place, 'out'))).toHaveLength(REPORTS);
  expect(stderr).toContain(availableParallelism() > 1 ? '2 threads' : '0 threads');
});

test('a bug in a thread comes out with its stack; nothing hangs, and it is no pass', async () => {
  const { status, stderr } = await evaluate('bug', "if (!isMainThread) parentPort.once('message', () => { throw new Error('a bug'); });");
  // with one core there is no thread to have it
  if (availableParallelism() === 1) return;
  expect(status).toBe(3);
  expect(stderr).toMatch(/This should not have happened[^]*Error: a bug\n +at /);
});
