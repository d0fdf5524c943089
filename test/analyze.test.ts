import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { analyze, type AnalyzeOptions } from '../src/analyze.js';
import { openBlocks, writeBlocks } from '../src/cache/blockFile.js';
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
  readonly foundations: string;
  readonly layers: string;
}

function place(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-analyze-'));
  const nothing = (): void => undefined;
  const host = { env: { INLINE_SCAN_CACHE_DIR: folder }, platform: 'linux', workspace: folder, now: () => new Date(0), say: nothing, progress: nothing } as const;
  return { host, reports: join(folder, 'reports'), foundations: join(folder, 'foundations'), layers: join(folder, 'layers') };
}

async function report({ host }: Place, more: Partial<AnalyzeOptions> = {}): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'inline-scan-out-'));
  const { reportFile } = await analyze({ source: { archive }, platform: '', name: '', dockerfile: '', target: '', cache: true, analysis: ANALYSIS, ...more }, out, host);
  return readFileSync(reportFile, 'utf8');
}

/** Changes the blocks of the one file in a folder, and seals them again. */
async function changed(folder: string, change: (name: string, bytes: Buffer) => Buffer): Promise<void> {
  const [file = ''] = readdirSync(folder);
  const path = join(folder, file);
  const blocks = openBlocks(path);
  const names = blocks?.names ?? [];
  const all = new Map(names.map((name) => [name, change(name, blocks?.get(name) ?? Buffer.alloc(0))]));
  blocks?.close();
  await writeBlocks(path, all);
}

test('the report of an image that was scanned before is taken as it is', async () => {
  const here = place();
  const first = await report(here);
  expect(await report(here)).toBe(first);
  expect(await report(here, { cache: false })).toBe(first);
  await changed(here.reports, (_, bytes) => Buffer.from(bytes.toString('utf8').replaceAll('/srv/run', '/srv/ran')));
  expect(await report(here)).toBe(first.replaceAll('/srv/run', '/srv/ran'));
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

const SPOILT: [string, (folder: string) => Promise<unknown>][] = [
  ['cut', async (folder) => eachFile(folder, (bytes) => bytes.subarray(0, -5))],
  ['of nothing', async (folder) => eachFile(folder, () => Buffer.alloc(0))],
  ['with a bit turned', async (folder) => eachFile(folder, (bytes) => { bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1; return bytes; })],
  ['with another head', async (folder) => eachFile(folder, (bytes) => { bytes[60] = 0x20; return bytes; })],
];

function eachFile(folder: string, change: (bytes: Buffer) => Buffer): void {
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), change(readFileSync(join(folder, name))));
}

test.each<[string, (folder: string) => Promise<unknown>]>([
  ...SPOILT,
  ['of another image', async (folder) => changed(folder, (name, bytes) => (name === 'head' ? Buffer.from(bytes.toString('utf8').replace(/"imageId":"[0-9a-f]{64}"/, `"imageId":"${'0'.repeat(64)}"`)) : bytes))],
  ['no JSON', async (folder) => changed(folder, (name, bytes) => (name === 'head' ? Buffer.from('{') : bytes))],
])('a kept report that is %s is not taken', async (_, spoil) => {
  const here = place();
  const first = await report(here);
  await spoil(here.reports);
  expect(await report(here)).toBe(first);
  expect(await report(here)).toBe(first);
});

describe('an image of the same lower layers', () => {
  let rebuilt: { readonly archive: string };
  beforeAll(async () => {
    const layers = [await packTar([{ name: 'etc/os-release', content: 'ID=tiny\n' }]), await packTar([{ name: 'srv/run', content: 'another' }, { name: 'srv/new', content: 'y' }])];
    rebuilt = { archive: await archiveOf(dockerLegacy({ layers }, ['shop:1.0'])) };
  });

  test('stands on what is kept of them: they are not read again', async () => {
    const here = place();
    await report(here);
    const plain = await report(place(), { source: rebuilt, cache: false });
    // without the facts of layers it must be what lies below that is used
    rmSync(here.layers, { recursive: true });
    await changed(here.foundations, (name, bytes) => (name === 'rows distro analyzer_meta analyzer_meta' || name.startsWith('rows file-list') ? Buffer.from(bytes.toString('utf8').replace('0o644', '0o600')) : bytes));
    const own = await report(here, { source: rebuilt });
    expect(own).not.toBe(plain);
    expect(own.replace('0o600', '0o644')).toBe(plain);
  });

  test('has the same report with and without', async () => {
    const here = place();
    await report(here);
    expect(await report(here, { source: rebuilt })).toBe(await report(place(), { source: rebuilt, cache: false }));
  });

  test.each<[string, (folder: string) => Promise<unknown>]>([
    ...SPOILT,
    ['without its head', async (folder) => changed(folder, (name, bytes) => (name === 'meta' ? Buffer.from('{') : bytes))],
  ])('does not stand on what is %s', async (_, spoil) => {
    const here = place();
    await report(here);
    await spoil(here.foundations);
    expect(await report(here, { source: rebuilt })).toBe(await report(place(), { source: rebuilt, cache: false }));
  });

  test('stands on nothing where a middle layer is another', async () => {
    const here = place();
    await report(here);
    const layers = [await packTar([{ name: 'etc/os-release', content: 'ID=other\n' }]), await packTar([{ name: 'srv/run', content: 'x' }])];
    const source = { archive: await archiveOf(dockerLegacy({ layers }, ['shop:1.0'])) };
    expect(await report(here, { source })).toBe(await report(place(), { source, cache: false }));
    expect(readdirSync(here.foundations)).toHaveLength(2);
  });
});

test.each([
  [{ dockerfile: 'nosuch' }, /^There is no Dockerfile .*nosuch\./],
  [{ name: '::' }, /^"::" is not an image's name\./],
] as const)('%j is told before the image is read', async (wrong, message) => {
  const error = await report(place(), { source: { archive: '/nowhere.tar' }, ...wrong }).catch((caught: unknown) => caught);
  expect((error as Error).message).toMatch(message);
});
