import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ADVISORIES, SHOP, SHOP_DOCKERFILE, action, dockerOnPath, freshFolder, type ActionRan } from './runner.js';
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
