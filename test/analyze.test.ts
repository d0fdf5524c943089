import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { analyze, type AnalyzeOptions } from '../src/analyze.js';
import { readEntry, writeEntry } from '../src/cache/entryFile.js';
import type { Host } from '../src/host.js';
import { dockerLegacy, packTar } from './image/build.js';
import { archiveOf } from './lanes/temporary.js';

const ANALYSIS = { analyzers: ['file-list', 'checksums'], analyzerConfig: '' };

let archive: string;
beforeAll(async () => {
  const layers = [await packTar([{ name: 'etc/os-release', content: 'ID=tiny\n' }]), await packTar([{ name: 'srv/run', content: 'x' }])];
  archive = await archiveOf(dockerLegacy({ layers }, ['shop:1.0']));
});

interface Place {
  readonly host: Host;
  readonly reports: string;
}

function place(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-analyze-'));
  const nothing = (): void => undefined;
  const host = { env: { INLINE_SCAN_CACHE_DIR: folder }, platform: 'linux', workspace: folder, now: () => new Date(0), say: nothing, progress: nothing } as const;
  return { host, reports: join(folder, 'reports') };
}

async function report({ host }: Place, more: Partial<AnalyzeOptions> = {}): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'inline-scan-out-'));
  const { reportFile } = await analyze({ source: { archive }, platform: '', name: '', dockerfile: '', target: '', cache: true, analysis: ANALYSIS, ...more }, out, host);
  return readFileSync(reportFile, 'utf8');
}

/** The one report that is kept, changed by `change` and whole again. */
async function changed({ reports }: Place, change: (text: string) => string): Promise<string> {
  const [name = ''] = readdirSync(reports);
  const text = change(await readEntry(join(reports, name)) ?? '');
  await writeEntry(join(reports, name), text);
  return text;
}

test('the report of an image that was scanned before is taken as it is', async () => {
  const here = place();
  const first = await report(here);
  expect(await report(here)).toBe(first);
  expect(await report(here, { cache: false })).toBe(first);
  const kept = await changed(here, (text) => text.replace('/srv/run', '/srv/ran'));
  expect(await report(here)).toBe(kept);
});

test.each<[string, Partial<AnalyzeOptions>]>([
  ['other analyzers', { analysis: { ...ANALYSIS, analyzers: ['file-list'] } }],
  ['another name', { name: 'other:1' }],
  ['a Dockerfile', { dockerfile: 'Own' }],
])('%s: another report', async (_, options) => {
  const here = place();
  writeFileSync(join(here.host.workspace, 'Own'), 'FROM scratch\n');
  const first = await report(here);
  const other = await report(here, options);
  expect(other).not.toBe(first);
  expect(other).toBe(await report(here, { ...options, cache: false }));
  expect(readdirSync(here.reports)).toHaveLength(2);
});

test.each<[string, (path: string) => Promise<unknown>]>([
  ['cut', async (path) => writeFileSync(path, readFileSync(path).subarray(0, -5))],
  ['of another image', async (path) => writeEntry(path, (await readEntry(path) ?? '').replace(/"imageId":"[0-9a-f]{64}"/, `"imageId":"${'0'.repeat(64)}"`))],
  ['no JSON', async (path) => writeEntry(path, '{')],
])('a kept report that is %s is not taken', async (_, spoil) => {
  const here = place();
  const first = await report(here);
  const [name = ''] = readdirSync(here.reports);
  await spoil(join(here.reports, name));
  expect(await report(here)).toBe(first);
  expect(await report(here)).toBe(first);
});

test.each([
  [{ dockerfile: 'nosuch' }, /^There is no Dockerfile .*nosuch\./],
  [{ name: '::' }, /^"::" is not an image's name\./],
] as const)('%j is told before the image is read', async (wrong, message) => {
  const error = await report(place(), { source: { archive: '/nowhere.tar' }, ...wrong }).catch((caught: unknown) => caught);
  expect((error as Error).message).toMatch(message);
});
