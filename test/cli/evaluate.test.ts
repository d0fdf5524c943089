import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { evaluateInThreads } from '../../src/cli/evaluate/threads.js';
import type { Outcome } from '../../src/cli/evaluate/job.js';
import type { EvaluateRequest } from '../../src/cli/evaluate/request.js';
import { evaluateCommand } from '../../src/cli/evaluateCommand.js';
import { InputError } from '../../src/errors.js';
import { readEvaluationOptions, readShowOptions } from '../../src/options.js';

const place = mkdtempSync(join(tmpdir(), 'inline-scan-evaluate-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
afterEach(() => { jest.restoreAllMocks(); });

/** Enough for several threads. */
const MANY = 40;

const POLICY = join(place, 'policy.json');
writeFileSync(POLICY, JSON.stringify({ id: 'p', version: '1_0', name: 'no left-pad', rules: [
  { id: 'r', gate: 'packages', trigger: 'blacklist', action: 'STOP', params: [{ name: 'name', value: 'left-pad' }] },
] }));

/** A report with a section that is large enough to be read late. */
function report(number: number, packages: readonly string[] = []): string {
  const path = join(place, `report-${number}.json`);
  const npms = Object.fromEntries(packages.map((name) => [`/app/node_modules/${name}/package.json`, JSON.stringify({ name, versions: ['1.0.0'], lics: [] })]));
  writeFileSync(path, JSON.stringify({ document: [{ image: { imageId: 'ab'.repeat(32), imagedata: {
    analysis_report: { package_list: { 'pkgs.npms': { base: npms } }, file_list: { 'files.all': { base: Object.fromEntries(Array.from({ length: 200 }, (_, file) => [`/usr/share/${file}`, '0644'])) } } },
    image_report: { meta: { humanname: `docker.io/library/app:${number}`, sizebytes: 1 } },
  } } }] }));
  return path;
}

async function evaluate(reports: readonly string[], given: Record<string, unknown> = {}): Promise<{ status: number; stdout: string; stderr: string; folder: string }> {
  const folder = mkdtempSync(join(place, 'out-'));
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[name], 'write').mockImplementation((text, done?: unknown) => {
      texts[name] += String(text);
      // whoever writes waits until it is taken
      if (typeof done === 'function') (done as () => void)();
      return true;
    });
  }
  const status = await evaluateCommand(reports, { format: 'table', advisories: 'none', policies: POLICY, outputDirectory: folder, ...given }, { INLINE_SCAN_CACHE_DIR: join(place, 'cache') });
  jest.restoreAllMocks();
  return { status, ...texts, folder };
}

describe.each([['few', 3], ['many', MANY]])('of %s reports', (_, count) => {
  test('each has its line and its folder, in the order given', async () => {
    const { status, stdout, folder } = await evaluate(Array.from({ length: count }, (__, number) => report(number)));
    expect(status).toBe(0);
    expect(stdout.match(/app:\d+/g)).toEqual(Array.from({ length: count }, (__, number) => `app:${number}`));
    expect(readdirSync(folder)).toHaveLength(count);
    const last = JSON.parse(readFileSync(join(folder, `${String(count).padStart(4, '0')}-report-${count - 1}`, 'evaluation.json'), 'utf8')) as { image: { name: string } };
    expect(last.image.name).toBe(`docker.io/library/app:${count - 1}`);
  });

  test('one that the policy stops makes the status 1', async () => {
    const { status, stdout } = await evaluate([...Array.from({ length: count - 1 }, (__, number) => report(number)), report(count, ['left-pad'])]);
    expect(status).toBe(1);
    expect(stdout.split('\n').at(-2)).toMatch(/^stop .*app:\d+ .* 1 stop/);
  });

  test('one that cannot be read is named, the others are evaluated, and it is no pass', async () => {
    const reports = Array.from({ length: count }, (__, number) => report(number));
    const broken = reports[1] ?? '';
    writeFileSync(broken, readFileSync(broken, 'utf8').slice(0, -40));
    const { status, stdout, stderr } = await evaluate([...reports, join(place, 'absent.json')]);
    expect(status).toBe(2);
    expect(stdout.match(/app:\d+/g)).toHaveLength(count - 1);
    expect(stderr).toContain(`inline-scan: ${broken} is not JSON (`);
    expect(stderr).toContain(`inline-scan: There is no report ${join(place, 'absent.json')}. `);
    expect(stderr).toContain(`2 of ${count + 1} reports could not be evaluated`);
  });

  test('as JSON each is a line', async () => {
    const { stdout } = await evaluate(Array.from({ length: count }, (__, number) => report(number, ['left-pad'])), { format: 'json', quiet: true });
    const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { verdict: string; image: { name: string } });
    expect(lines.map(({ image }) => image.name)).toEqual(Array.from({ length: count }, (__, number) => `docker.io/library/app:${number}`));
    expect(new Set(lines.map(({ verdict }) => verdict))).toEqual(new Set(['stop']));
  });

  test('what is wrong for all is told once, before any', async () => {
    await expect(evaluate(Array.from({ length: count }, (__, number) => report(number)), { policies: join(place, 'absent-policy.json') })).rejects.toThrow(InputError);
    await expect(evaluate(Array.from({ length: count }, (__, number) => report(number)), { dockerfile: join(place, 'Absentfile') })).rejects.toThrow(/There is no Dockerfile/);
  });
});

describe('threads', () => {
  const raw = { advisories: 'none', policies: POLICY };
  const request = (outputDirectory: string): EvaluateRequest => ({
    options: readEvaluationOptions(raw), show: readShowOptions(raw), cache: true, dockerfile: { dockerfile: '', target: '' }, format: 'table', quiet: false, explain: true, outputDirectory, env: {},
  });

  test('keep the order, whatever takes long', async () => {
    const folder = join(place, 'threads');
    mkdirSync(folder);
    const jobs = Array.from({ length: MANY }, (_, index) => ({ path: report(index, index % 5 === 0 ? Array.from({ length: 300 }, (__, number) => `p${number}`) : []), index }));
    const outcomes: Outcome[] = [];
    for await (const outcome of evaluateInThreads(jobs, 3, request(folder))) outcomes.push(outcome);
    expect(outcomes.map((outcome) => (outcome.kind === 'evaluated' ? /app:(\d+)/.exec(outcome.output)?.[1] : outcome.message))).toEqual(jobs.map(({ index }) => String(index)));
    expect(outcomes[0]).toMatchObject({ passed: true, explained: expect.arrayContaining([expect.stringContaining('no left-pad')]) as unknown });
  });

  test('that cannot begin say why', async () => {
    const broken = { ...request(place), options: { ...request(place).options, policies: [join(place, 'absent-policy.json')] } };
    await expect(evaluateInThreads([{ path: report(0), index: 0 }], 2, broken).next()).rejects.toThrow(InputError);
  });
});
