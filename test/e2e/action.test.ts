import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ADVISORIES, DIST, SHOP, SHOP_DOCKERFILE, action, dockerOnPath, freshFolder, type ActionRan } from './runner.js';
import type { Evaluation } from '../../src/evaluation/evaluation.js';
import { OUTPUTS } from '../../src/outputs.js';

const SAMPLE = { archive: SHOP, dockerfile: SHOP_DOCKERFILE, advisories: ADVISORIES };

/** A `docker` that serves one image as `docker save` does. */
function engineWith(archive: string): string {
  return dockerOnPath(`
    import('node:fs').then(({ createReadStream }) => {
      const words = process.argv.slice(2);
      const known = words.at(-1) === 'shop:1.0';
      if (words[0] === 'save' && known) return createReadStream(${JSON.stringify(archive)}).pipe(process.stdout);
      process.stderr.write(\`Error response from daemon: reference does not exist\\nNo such image: \${words.at(-1)}\\n\`);
      process.exitCode = 1;
    });`);
}

describe('the sample image, as a runner scans it', () => {
  let ran: ActionRan;
  beforeAll(async () => { ran = await action(SAMPLE); }, 60_000);

  test('a key that leaked fails the step', () => {
    expect(ran.status).toBe(1);
    expect(ran.outputs).toMatchObject({ verdict: 'stop', status: 'fail', name: 'localbuild/shop:1.0' });
  });

  test('every output is set, and every file is there, though the step failed', () => {
    expect(Object.keys(ran.outputs).sort()).toEqual(Object.keys(OUTPUTS).sort());
    for (const name of ['report-file', 'evaluation-file', 'sarif-file', 'sbom-file', 'summary-file']) expect(existsSync(ran.outputs[name] ?? '')).toBe(true);
  });

  test('findings point at the lines that brought them in', () => {
    const { findings } = JSON.parse(readFileSync(ran.outputs['evaluation-file'] ?? '', 'utf8')) as Evaluation;
    const lodash = findings.find(({ vulnerability }) => vulnerability?.package.name === 'lodash');
    const line = readFileSync(SHOP_DOCKERFILE, 'utf8').split('\n').findIndex((text) => text.startsWith('COPY node_modules')) + 1;
    expect(lodash?.location?.dockerfile).toMatchObject({ startLine: line, endLine: line });
  });

  test('the summary is written, and says the verdict', () => {
    expect(ran.summary).toBe(readFileSync(ran.outputs['summary-file'] ?? '', 'utf8'));
    expect(ran.summary).toMatch(/stop/i);
  });

  test('annotations are at the Dockerfile', () => {
    expect(ran.stdout).toMatch(/^::error [^\n]*file=[^\n]*Dockerfile/m);
  });

  test('no secret is anywhere', () => {
    const everything = [ran.stdout, ran.stderr, ran.summary, ...['report-file', 'evaluation-file', 'sarif-file', 'sbom-file'].map((name) => readFileSync(ran.outputs[name] ?? '', 'utf8'))];
    for (const text of everything) {
      expect(text).not.toContain('not-a-real-key-but-it-looks-bad');
      expect(text).not.toContain('PRIVATE KEY-----\\n');
    }
  });
});

test('an image of the engine is the same image, and passes with fail-on: never', async () => {
  const folder = freshFolder();
  const archive = join(folder, 'shop.tar');
  writeFileSync(archive, gunzipSync(readFileSync(SHOP)));
  const ran = await action({ image: 'shop:1.0', dockerfile: SHOP_DOCKERFILE, advisories: 'none', 'fail-on': 'never' }, { PATH: engineWith(archive) });
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
  expect(ran.outputs).toMatchObject({ verdict: 'stop', status: 'pass' });
}, 60_000);

test.each([
  ['a name that the engine does not have', { image: 'nosuch:1' }, 2, /nosuch:1/],
  ['image and archive at once', { image: 'a', archive: 'b' }, 2, /contradict/],
  ['neither', {}, 2, /nothing to scan/],
  ['an archive that is not there', { archive: 'nosuch.tar' }, 2, /nosuch\.tar/],
  ['a policy that is not there', { archive: SHOP, policies: 'nosuch' }, 2, /nosuch/],
  ['a verdict that is none', { archive: SHOP, 'fail-on': 'maybe' }, 2, /stop, warn, never/],
])('%s is one sentence, and never a pass', async (_, inputs, status, sentence) => {
  const ran = await action(inputs as unknown as Record<string, string>, { PATH: engineWith('/nowhere') });
  expect(ran.status).toBe(status);
  expect(ran.stdout).toMatch(sentence);
  expect(ran.stdout.match(/^::error /gm)).toHaveLength(1);
  expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/^\s+at /m);
}, 60_000);

test('a misspelt input is told', async () => {
  const ran = await action({ ...SAMPLE, 'fail-no': 'never' });
  expect(ran.stdout).toMatch(/::warning ?::There is no input fail-no/);
}, 60_000);

test('the first line comes at once', async () => {
  const ran = await action({});
  expect(ran.stdout.split('\n')[0]).toMatch(/^Inline Scan /);
}, 60_000);

test('what a runner would give may be empty: the workspace is left as it was', async () => {
  const workspace = freshFolder();
  const ran = await action({ ...SAMPLE, advisories: 'none', 'fail-on': 'never' }, { GITHUB_STEP_SUMMARY: '', RUNNER_TEMP: '', RUNNER_TOOL_CACHE: '', RUNNER_ENVIRONMENT: 'self-hosted' }, workspace);
  expect(readdirSync(workspace)).toEqual([]);
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
  expect(ran.outputs['verdict']).toBe('stop');
}, 60_000);

test('a summary that cannot be written is a warning', async () => {
  const ran = await action({ ...SAMPLE, advisories: 'none', 'fail-on': 'never' }, { GITHUB_STEP_SUMMARY: '/nowhere/summary' });
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^::warning::The job summary could not be written .*It is in .*summary\.md\./m);
}, 60_000);

test.each([
  ['is not there', () => join(freshFolder(), 'nosuch')],
  ['is a folder', () => freshFolder()],
])('outputs that cannot be written are one sentence and no pass: GITHUB_OUTPUT %s', async (_, path) => {
  const ran = await action({ ...SAMPLE, advisories: 'none', 'fail-on': 'never' }, { GITHUB_OUTPUT: path() });
  expect(ran.status).toBe(2);
  expect(ran.stdout).toMatch(/^::error [^\n]*::The outputs cannot be written: GITHUB_OUTPUT names /m);
  expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/^\s+at /m);
}, 60_000);

test.each([
  ['summary', { summary: 'no' }, 'summary cannot be "no". It may be true, false.'],
  ['minimum-severity', { 'minimum-severity': 'huge' }, 'minimum-severity cannot be "huge". It may be unknown, negligible, low, medium, high, critical.'],
  ['engine', { engine: 'rkt' }, 'engine cannot be "rkt". It may be auto, docker, podman.'],
])('a value that an input does not take names it and what it takes: %s', async (_, inputs, sentence) => {
  const ran = await action({ archive: SHOP, ...inputs } as unknown as Record<string, string>);
  expect(ran.status).toBe(2);
  expect(ran.stdout).toContain(sentence);
}, 60_000);

test('summary: false and annotations: false write none; the verdict stays', async () => {
  const ran = await action({ ...SAMPLE, advisories: 'none', summary: 'false', annotations: 'FALSE' });
  expect({ status: ran.status, summary: ran.summary, verdict: ran.outputs['verdict'] }).toEqual({ status: 1, summary: '', verdict: 'stop' });
  expect(ran.stdout).not.toMatch(/^::(?:error|warning) [^\n]*file=/m);
  expect(readFileSync(ran.outputs['summary-file'] ?? '', 'utf8')).toMatch(/Stopped/);
}, 60_000);

test('a vulnerable package that the workspace pins is annotated at the line of its lock file', async () => {
  const workspace = freshFolder();
  mkdirSync(join(workspace, 'web'));
  writeFileSync(join(workspace, 'web/package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/other': { version: '1.0.0' }, 'node_modules/lodash': { version: '4.17.15' } } }, undefined, 2));
  const { findings } = JSON.parse(readFileSync((await action(SAMPLE)).outputs['evaluation-file'] ?? '', 'utf8')) as Evaluation;
  const installed = findings.find(({ vulnerability }) => vulnerability?.package.name === 'lodash')?.vulnerability?.package.version ?? '';
  const text = readFileSync(join(workspace, 'web/package-lock.json'), 'utf8').replace('4.17.15', installed);
  writeFileSync(join(workspace, 'web/package-lock.json'), text);
  const ran = await action(SAMPLE, {}, workspace);
  const line = text.split('\n').findIndex((row) => row.includes('node_modules/lodash')) + 1;
  expect(ran.stdout).toMatch(new RegExp(`^::(?:error|warning) [^\\n]*file=web/package-lock\\.json,line=${line},`, 'm'));
}, 60_000);

describe('a pull request without secrets', () => {
  const event = (head: string | null): string => {
    const path = join(freshFolder(), 'event.json');
    writeFileSync(path, JSON.stringify({ pull_request: { head: { repo: head === null ? null : { full_name: head } } }, repository: { default_branch: 'main' } }));
    return path;
  };
  const inputs = { ...SAMPLE, advisories: 'none', 'backend-url': 'https://sysdig.invalid', 'backend-token': '' };
  test.each([['a fork', 'other/shop'], ['a fork that is gone', null]])('of %s is evaluated here, and says so', async (_, head) => {
    const ran = await action(inputs, { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REPOSITORY: 'acme/shop', GITHUB_EVENT_PATH: event(head) });
    expect(ran.outputs['verdict']).toBe('stop');
    expect(ran.stdout).toMatch(/::warning::This pull request comes from a fork or from Dependabot/);
  }, 60_000);
  test.each([
    ['of one\'s own', { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REPOSITORY: 'acme/shop' }, 'acme/shop'],
    ['of pull_request_target, which has them', { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REPOSITORY: 'acme/shop' }, 'other/shop'],
  ] as const)('%s: a token that is missing is an error', async (_, env, head) => {
    const ran = await action(inputs, { ...env, GITHUB_EVENT_PATH: event(head) });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toMatch(/backend-token/);
    expect(ran.outputs).toEqual({});
  }, 60_000);
});

test('a job that is cancelled leaves no verdict', async () => {
  const folder = freshFolder();
  writeFileSync(join(folder, 'output'), '');
  // an engine that never ends: the scan is under way when the signal comes
  const path = dockerOnPath("process.stdout.write('x'); setInterval(() => undefined, 1000);");
  const child = spawn(process.execPath, [join(DIST, 'action.js')], { env: { PATH: path, HOME: folder, GITHUB_OUTPUT: join(folder, 'output'), RUNNER_TEMP: folder, INPUT_IMAGE: 'shop:1.0', INPUT_ADVISORIES: 'none', INPUT_CACHE: 'false' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => { child.on('close', (status, signal) => resolve([status, signal])); });
  setTimeout(() => child.kill('SIGTERM'), 3_000);
  const [status, signal] = await ended;
  expect([status === 0, signal ?? status]).toEqual([false, signal ?? status]);
  expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('');
  expect(readdirSync(folder, { recursive: true }).filter((name) => /evaluation\.json|sarif/.test(String(name)))).toEqual([]);
}, 60_000);
