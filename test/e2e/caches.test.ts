import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Evaluation } from '../../src/evaluation/evaluation.js';
import { imitateCacheService, type ImitatedService } from './cacheService.js';
import { imitateV1 } from './cacheServiceV1.js';
import { action, freshFolder, type ActionRan } from './runner.js';
import { LEAKED_KEY, tinyImage } from './tinyImage.js';

let service: ImitatedService;
/** Every run of a repository has its temporary folder at the same place, and finds it empty. */
let place: string;
let runs = 0;

beforeEach(async () => {
  service = await imitateCacheService();
  place = mkdtempSync(join(tmpdir(), 'inline-scan-e2e-'));
});
afterEach(() => service.close());

const FRESH = { 'fail-on-new': 'true', baseline: 'auto' };
const images = freshFolder();
/** One leaks a key, the other one more. */
const ONE_KEY = { archive: join(images, 'one.tar'), advisories: 'none', name: 'shop' };
const TWO_KEYS = { ...ONE_KEY, archive: join(images, 'two.tar') };

beforeAll(async () => {
  await tinyImage(ONE_KEY.archive, 'shop:1', { 'root/old.pem': LEAKED_KEY });
  await tinyImage(TWO_KEYS.archive, 'shop:2', { 'root/old.pem': LEAKED_KEY, 'root/new.pem': LEAKED_KEY });
});

function run(inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>): Promise<ActionRan> {
  runs += 1;
  return action(inputs, { GITHUB_RUN_ID: String(runs), ...env }, freshFolder(), place);
}

const onMain = (): Readonly<Record<string, string>> => service.run('main');
const pullRequest = (): Readonly<Record<string, string>> => ({ ...service.run('7/merge', 'main'), GITHUB_BASE_REF: 'main', GITHUB_EVENT_NAME: 'pull_request' });
const baselines = (): readonly string[] => service.keys().filter((key) => key.includes(' inline-scan-baseline-')).map((key) => key.split(' ')[0] ?? '');

function evaluationOf(ran: ActionRan): Evaluation {
  return JSON.parse(readFileSync(ran.outputs['evaluation-file'] ?? '', 'utf8')) as Evaluation;
}

describe('baseline: auto', () => {
  test('a push leaves one; a pull request that adds nothing passes, one that adds something does not', async () => {
    const first = await run({ ...ONE_KEY, ...FRESH }, onMain());
    expect(first.status).toBe(1);
    expect(first.stdout).toMatch(/There is no baseline of the branch main yet: everything decides\./);
    expect(baselines()).toEqual(['main']);

    const same = await run({ ...ONE_KEY, ...FRESH }, pullRequest());
    expect({ status: same.status, outputs: same.outputs }).toMatchObject({ status: 0, outputs: { verdict: 'stop', status: 'pass' } });
    expect(evaluationOf(same).findings.map((finding) => finding.new)).not.toContain(true);
    expect(same.summary).toMatch(/Against the baseline: \*\*0 new\*\*/);

    const more = await run({ ...TWO_KEYS, ...FRESH }, pullRequest());
    expect({ status: more.status, outputs: more.outputs }).toMatchObject({ status: 1, outputs: { status: 'fail' } });
    expect(evaluationOf(more).findings.filter(({ action: said }) => said === 'stop').map((finding) => [finding.location?.path, finding.new])).toEqual([['/root/new.pem', true], ['/root/old.pem', false]]);
    // what a pull request finds is not the branch's
    expect(baselines()).toEqual(['main']);

    // the last push counts
    await run({ ...TWO_KEYS, baseline: 'auto' }, onMain());
    expect((await run({ ...TWO_KEYS, ...FRESH }, pullRequest())).status).toBe(0);
  });

  test('a branch without a pull request is compared with the default one, not with its own last push; tags leave none', async () => {
    const event = join(freshFolder(), 'event.json');
    writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main' } }));
    await run({ ...ONE_KEY, baseline: 'auto' }, onMain());
    for (const push of [1, 2]) expect([push, (await run({ ...TWO_KEYS, ...FRESH }, { ...service.run('feature', 'main'), GITHUB_EVENT_PATH: event })).status]).toEqual([push, 1]);
    await run({ ...ONE_KEY, baseline: 'auto' }, { ...service.run('v1', 'main'), GITHUB_REF_TYPE: 'tag' });
    expect(baselines()).toEqual(['main', 'feature', 'feature']);
  });

  test('a merge queue is compared with the branch that it merges into', async () => {
    const event = join(freshFolder(), 'event.json');
    writeFileSync(event, JSON.stringify({ merge_group: { base_ref: 'refs/heads/main' }, repository: { default_branch: 'other' } }));
    await run({ ...ONE_KEY, baseline: 'auto' }, onMain());
    const queue = { ...service.run('gh-readonly-queue/main/pr-7', 'main'), GITHUB_EVENT_NAME: 'merge_group', GITHUB_EVENT_PATH: event };
    expect((await run({ ...ONE_KEY, ...FRESH }, queue)).status).toBe(0);
    expect(baselines()).toEqual(['main']);
  });

  test('another image of the same job has its own: no baseline of one is taken for the other', async () => {
    await run({ ...TWO_KEYS, ...FRESH }, onMain());
    const other = await run({ ...TWO_KEYS, name: 'payment', ...FRESH }, onMain());
    expect(other.status).toBe(1);
    expect(other.stdout).toMatch(/There is no baseline of the branch main yet/);
    expect(evaluationOf(other).findings.some((finding) => finding.new !== undefined)).toBe(false);
  });

  test('a service that is not there, refuses or gives back something else: everything decides, and nothing else happens', async () => {
    await run({ ...ONE_KEY, baseline: 'auto' }, onMain());
    for (const [mood, env, said] of [
      ['well', { ACTIONS_RESULTS_URL: '' }, /could not be asked for the baseline of the branch main: everything decides/],
      ['broken', {}, /There is no baseline of the branch main yet: everything decides/],
      ['garbled', {}, /There is no baseline of the branch main yet: everything decides/],
    ] as const) {
      service.mood = mood;
      const ran = await run({ ...ONE_KEY, ...FRESH }, { ...pullRequest(), ...env });
      expect({ mood, status: ran.status, outputs: ran.outputs }).toMatchObject({ mood, status: 1, outputs: { verdict: 'stop', status: 'fail' } });
      expect(ran.stdout).toMatch(said);
      expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/^\s+at /m);
      expect(ran.summary).not.toMatch(/Against the baseline/);
    }
  });

  test('a run that may not write is told, and ends as it would', async () => {
    service.mood = 'readonly';
    const ran = await run({ ...ONE_KEY, baseline: 'auto', 'fail-on': 'never' }, onMain());
    expect(ran.status).toBe(0);
    expect(baselines()).toEqual([]);
  });
});

describe('facts about layers', () => {
  const facts = (): readonly string[] => service.keys().filter((key) => !key.includes('baseline'));

  test('what a run has learnt the next one gets; a service that is not well costs nothing but time; the reports are the same bytes', async () => {
    const report = (ran: ActionRan): string => readFileSync(ran.outputs['report-file'] ?? '', 'utf8');
    const first = report(await run({ ...ONE_KEY, 'fail-on': 'never' }, onMain()));
    expect(facts()).toHaveLength(1);
    const second = await run({ ...ONE_KEY, 'fail-on': 'never' }, pullRequest());
    expect(second.stdout).toMatch(/Cache hit/);
    expect(facts()).toHaveLength(1);
    expect(second.stdout).not.toMatch(/Reading layer/);
    expect(report(second)).toBe(first);
    for (const mood of ['broken', 'garbled', 'readonly'] as const) {
      service.mood = mood;
      const ran = await run({ ...ONE_KEY, 'fail-on': 'never' }, onMain());
      expect({ mood, status: ran.status, stderr: ran.stderr }).toEqual({ mood, status: 0, stderr: '' });
      expect(report(ran)).toBe(first);
    }
  });

  test('cache: false asks nobody', async () => {
    await run({ ...ONE_KEY, cache: 'false' }, onMain());
    expect(service.keys()).toEqual([]);
  });
});

describe('GitHub Enterprise Server, whose service is of version 1', () => {
  test('keeps what a run has learnt; one that is taken, full, cut off or denied costs a word; the report has the same bytes', async () => {
    const v1 = await imitateV1();
    try {
      const scan = async (env: Readonly<Record<string, string>> = v1.env): Promise<ActionRan & { readonly report: string }> => {
        const ran = await run({ ...ONE_KEY, 'fail-on': 'never' }, env);
        expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
        expect(ran.stdout).not.toMatch(/^::error/m);
        return { ...ran, report: readFileSync(ran.outputs['report-file'] ?? '', 'utf8') };
      };
      const first = await scan();
      expect(v1.keys()).toHaveLength(1);
      const second = await scan();
      expect(second.stdout).toMatch(/Cache restored successfully/);
      expect(second.stdout).not.toMatch(/Reading layer/);
      expect(second.report).toBe(first.report);
      for (const [mood, said] of [['interrupted', /::warning::Failed to restore: /], ['denied', /::warning::Failed to restore: cache read denied/]] as const) {
        v1.mood = mood;
        const ran = await scan();
        expect(ran.stdout).toMatch(said);
        expect(ran.report).toBe(first.report);
      }
      for (const [mood, said] of [['taken', /Failed to save: Unable to reserve cache with key/], ['full', /::warning::Failed to save: Cache size of ~11 GB is over/]] as const) {
        v1.mood = mood;
        const ran = await run({ ...TWO_KEYS, 'fail-on': 'never' }, v1.env);
        expect(ran.status).toBe(0);
        expect(ran.stdout).toMatch(said);
      }
      expect(v1.keys()).toHaveLength(1);
      v1.mood = 'well';
      // what hosted runners are told of version 2 does not count there
      const asked = v1.asked.length;
      expect((await scan({ ...v1.env, ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/' })).report).toBe(first.report);
      expect(v1.asked.length).toBeGreaterThan(asked);
    } finally {
      await v1.close();
    }
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['no service at all', {}],
    ['version 2 alone, which it has not', { GITHUB_SERVER_URL: 'https://github.acme.example', ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/' }],
    ['a run that may not use it', { ACTIONS_CACHE_MODE: 'none', GITHUB_SERVER_URL: 'https://github.acme.example', ACTIONS_CACHE_URL: 'http://127.0.0.1:9/' }],
    ['no token', { GITHUB_SERVER_URL: 'https://github.com', ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/' }],
  ])('%s: a word at most', async (_, env) => {
    const ran = await run({ ...ONE_KEY, 'fail-on': 'never' }, env);
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    expect(ran.stdout).not.toMatch(/^::error|^\s+at /m);
  });
});
