import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { Analyzer } from '../../src/analyzers/analyzer.js';
import { cacheFolder } from '../../src/cache/folder.js';
import { layerFolder } from '../../src/cache/layerStore.js';
import { prune } from '../../src/cache/prune.js';
import type { LayerFacts } from '../../src/image/layer.js';

const FACTS: LayerFacts = {
  diffId: `sha256:${'1'.repeat(64)}`, sizeBytes: 5, problems: [],
  entries: [{ path: 'a', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, mtime: 0 }], facts: { checksums: [[0, { md5: 'x' }]] },
};

function analyzer(version: number): Analyzer {
  return { name: 'checksums', description: '', version, wants: () => 'nothing' };
}

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'inline-scan-cache-'));
}

test('what was kept comes back, and only for the same analyzers', async () => {
  const place = folder();
  await layerFolder(place, [analyzer(1)]).put(FACTS.diffId, FACTS);
  expect(await layerFolder(place, [analyzer(1)]).get(FACTS.diffId)).toEqual(FACTS);
  expect(await layerFolder(place, [analyzer(2)]).get(FACTS.diffId)).toBeUndefined();
  expect(await layerFolder(place, [{ ...analyzer(1), settings: { more: true } }]).get(FACTS.diffId)).toBeUndefined();
  expect(await layerFolder(place, [analyzer(1)]).get('sha256:other')).toBeUndefined();
  expect(await layerFolder(place, [analyzer(1)]).get(`${FACTS.diffId} sha256:other`)).toBeUndefined();
});

test.each([
  ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
  ['changed', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])])],
  ['empty', () => Buffer.alloc(0)],
  ['foreign', () => gzipSync(JSON.stringify(FACTS))],
])('an entry that is %s is never trusted, and never fatal', async (_, spoil) => {
  const place = folder();
  const store = layerFolder(place, [analyzer(1)]);
  await store.put(FACTS.diffId, FACTS);
  const [name = ''] = readdirSync(place);
  writeFileSync(join(place, name), spoil(readFileSync(join(place, name))));
  expect(await store.get(FACTS.diffId)).toBeUndefined();
  await store.put(FACTS.diffId, FACTS);
  expect(await store.get(FACTS.diffId)).toEqual(FACTS);
});

test('a pipe in the place of an entry is not waited for', async () => {
  const place = folder();
  const store = layerFolder(place, [analyzer(1)]);
  await store.put(FACTS.diffId, FACTS);
  const [name = ''] = readdirSync(place);
  rmSync(join(place, name));
  execFileSync('mkfifo', [join(place, name)]);
  expect(await store.get(FACTS.diffId)).toBeUndefined();
});

test('a folder that cannot be written is no error', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const store = layerFolder(join(file, 'below'), [analyzer(1)]);
  await store.put(FACTS.diffId, FACTS);
  expect(await store.get(FACTS.diffId)).toBeUndefined();
});

const file = (digit: string, ending: string): string => `${digit.repeat(64)}.${ending}`;

test('beyond the bound those go that were used least recently', async () => {
  const place = folder();
  const names = [file('1', 'facts'), file('2', 'report'), file('3', 'foundation')];
  for (const [index, name] of names.entries()) {
    writeFileSync(join(place, name), Buffer.alloc(100));
    utimesSync(join(place, name), index, index);
  }
  await prune(place, 250);
  expect(readdirSync(place).sort()).toEqual(names.slice(1));
});

test("what is not ours stays, whatever its size, and a link's target too; what was never written to its end goes", async () => {
  const place = folder();
  const elsewhere = join(folder(), file('4', 'facts'));
  const partial = `${file('5', 'facts')}.01234567-89ab-cdef-0123-456789abcdef.partial`;
  for (const path of [join(place, 'thesis.tex'), elsewhere, join(place, partial), join(place, file('6', 'facts'))]) writeFileSync(path, Buffer.alloc(1000));
  symlinkSync(elsewhere, join(place, file('4', 'facts')));
  await prune(place, 1_000_000);
  expect(readdirSync(place)).toHaveLength(4);
  const later = Date.now() + 2 * 60 * 60 * 1000;
  await prune(place, 1_000_000, later);
  expect(readdirSync(place).sort()).toEqual([file('4', 'facts'), file('6', 'facts'), 'thesis.tex']);
  await prune(place, 10, later);
  expect(readdirSync(place).sort()).toEqual([file('4', 'facts'), 'thesis.tex']);
  expect(existsSync(elsewhere)).toBe(true);
});

test.each([
  ['its own variable', { INLINE_SCAN_CACHE_DIR: '/own', XDG_CACHE_HOME: '/xdg' }, 'linux', '/own'],
  ['XDG', { XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/inline-scan'],
  ['Windows', { LOCALAPPDATA: '/local' }, 'win32', '/local/inline-scan'],
] as const)('the folder is told by %s', (_, env, platform, expected) => {
  expect(cacheFolder(env, platform)).toBe(expected);
});
