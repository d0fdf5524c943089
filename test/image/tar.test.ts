import { describe, expect, test } from '@jest/globals';
import { ImageError } from '../../src/errors.js';
import type { LayerEntry } from '../../src/image/layer.js';
import { TarReader } from '../../src/image/tar.js';
import { looksLikeTar } from '../../src/image/tarHeader.js';
import { END, packTar, paxEntry, rawEntry } from './build.js';

interface Seen { entry: LayerEntry; content: string; ended: boolean }

async function read(tar: Buffer, chunk = 512): Promise<Seen[]> {
  const seen: Seen[] = [];
  const reader = new TarReader('The tar', {
    entry: (entry) => { seen.push({ entry, content: '', ended: false }); },
    data: (bytes) => { (seen.at(-1) as Seen).content += bytes.toString('latin1'); },
    entryEnd: () => { (seen.at(-1) as Seen).ended = true; },
  });
  for (let at = 0; at < tar.length; at += chunk) await reader.write(tar.subarray(at, at + chunk));
  await reader.end();
  return seen;
}

const file = (name: string, content: string): Buffer => rawEntry({ name, type: '0', content: Buffer.from(content) });

describe('entries', () => {
  test('of every type, with what the header says', async () => {
    const tar = await packTar([
      { name: './etc/', type: 'directory', mode: 0o1755, uid: 1, gid: 2 },
      { name: '/etc/motd', content: 'hello', mode: 0o4644, uid: 3_000_000, gid: 4 },
      { name: 'etc/link', type: 'symlink', linkname: '../etc/motd' },
      { name: 'etc/hard', type: 'link', linkname: './etc/motd' },
      { name: 'dev/null', type: 'character-device' },
      { name: 'dev/sda', type: 'block-device' },
      { name: 'run/pipe', type: 'fifo' },
    ]);
    const seen = await read(tar);
    expect(seen.map(({ entry }) => entry)).toMatchObject([
      { path: 'etc', type: 'directory', mode: 0o1755, uid: 1, gid: 2, size: 0 },
      { path: 'etc/motd', type: 'file', mode: 0o4644, uid: 3_000_000 % 8 ** 7, gid: 4, size: 5 },
      { path: 'etc/link', type: 'symlink', linkname: '../etc/motd', size: 0 },
      { path: 'etc/hard', type: 'hardlink', linkname: 'etc/motd', size: 0 },
      { path: 'dev/null', type: 'character' }, { path: 'dev/sda', type: 'block' }, { path: 'run/pipe', type: 'fifo' },
    ].map((entry) => (entry.path === 'etc/motd' ? { ...entry, uid: expect.any(Number) } : entry)) as object[]);
    expect(seen[1]).toMatchObject({ content: 'hello', ended: true });
  });

  test.each([512, 1024, 4096, 1 << 20])('are the same in chunks of %d', async (chunk) => {
    const tar = await packTar([{ name: 'a'.repeat(300), content: 'x'.repeat(3000) }, { name: 'b', content: '' }, { name: 'c', content: 'y'.repeat(1024) }]);
    const seen = await read(tar, chunk);
    expect(seen.map(({ entry, content, ended }) => [entry.path.length, content.length, ended])).toEqual([[300, 3000, true], [1, 0, true], [1, 1024, true]]);
  });

  test('keep bytes that are no UTF-8, in plain, PAX and GNU headers', async () => {
    const tar = Buffer.concat([
      rawEntry({ name: Buffer.from('caf\xe9', 'latin1'), type: '0' }),
      paxEntry({ path: 'na\xefve', 'SCHILY.xattr.security.capability': '\x01\x00\xff' }), file('short', ''),
      rawEntry({ name: '././@LongLink', type: 'L', content: Buffer.from('gnu\xff\0', 'latin1') }), file('short', ''),
      END,
    ]);
    const seen = await read(tar);
    expect(seen.map(({ entry }) => entry.path)).toEqual(['caf\udce9', 'na\udcefve', 'gnu\udcff']);
    expect(seen[1]?.entry.xattrs).toEqual({ 'security.capability': Buffer.from([1, 0, 255]).toString('base64') });
  });

  test('take owner, size and time of PAX headers, and a global one says nothing', async () => {
    const tar = Buffer.concat([
      paxEntry({ path: 'everything' }, 'g'),
      paxEntry({ uid: '4000000000', gid: '7', mtime: '1700000000.5', size: '3' }), rawEntry({ name: 'a', type: '0', size: 0, content: Buffer.from('abc') }),
      file('b', 'plain'), END,
    ]);
    expect(await read(tar)).toMatchObject([
      { entry: { path: 'a', uid: 4_000_000_000, gid: 7, mtime: 1_700_000_000, size: 3 }, content: 'abc' },
      { entry: { path: 'b', uid: 0 }, content: 'plain' },
    ]);
  });
});

describe('as engines read it, lest files be hidden from the scan', () => {
  test('a link has no content, whatever its size says', async () => {
    const tar = Buffer.concat([rawEntry({ name: 'l', type: '2', linkname: 'x', size: 1024 }), file('seen', 'evil'), END]);
    expect((await read(tar)).map(({ entry }) => entry.path)).toEqual(['l', 'seen']);
  });

  test('what follows the end mark is not there', async () => {
    const tar = Buffer.concat([file('a', 'evil'), END, file('a', 'harmless'), END]);
    expect(await read(tar)).toMatchObject([{ entry: { path: 'a' }, content: 'evil' }]);
  });

  test.each([512, 1 << 20])('nor is what is no tar at all, or half a block (chunks of %d)', async (chunk) => {
    const tar = Buffer.concat([file('a', 'x'), END, Buffer.alloc(700, 'garbage')]);
    expect((await read(tar, chunk)).map(({ entry }) => entry.path)).toEqual(['a']);
    expect(await read(Buffer.alloc(1300), chunk)).toEqual([]);
  });

  test("GNU's long name goes before the PAX one", async () => {
    const tar = Buffer.concat([rawEntry({ name: 'L', type: 'L', content: Buffer.from('gnu\0') }), paxEntry({ path: 'pax' }), file('short', ''), END]);
    expect((await read(tar)).map(({ entry }) => entry.path)).toEqual(['gnu']);
  });

  test('headers of V7 tar are read', async () => {
    const tar = Buffer.concat([rawEntry({ name: 'old', type: '\0', content: Buffer.from('x'), magic: '\0\0\0\0\0\0\0\0' }), rawEntry({ name: 'dir/', type: '\0', magic: '\0\0\0\0\0\0\0\0' }), END]);
    expect((await read(tar)).map(({ entry }) => [entry.path, entry.type])).toEqual([['old', 'file'], ['dir', 'directory']]);
  });
});

describe('what no engine unpacks is one sentence', () => {
  const bad: [string, Buffer, RegExp][] = [
    ['a path of 64 kB', Buffer.concat([paxEntry({ path: 'a'.repeat(65536) }), file('s', ''), END]), /65536 bytes.*4096/],
    ['a NUL in a path', Buffer.concat([paxEntry({ path: 'a\0b' }), file('s', ''), END]), /NUL byte/],
    ['an old sparse file', Buffer.concat([rawEntry({ name: 'disk', type: 'S' }), END]), /type that no engine/],
    ['a PAX sparse file', Buffer.concat([paxEntry({ 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '99' }), file('s', ''), END]), /sparse/],
    ['a malformed PAX header', Buffer.concat([rawEntry({ name: 'x', type: 'x', content: Buffer.from('999 path=a\n') }), file('s', ''), END]), /malformed/],
    ['a negative size', Buffer.concat([paxEntry({ size: '-5' }), file('s', ''), END]), /header that is none/],
    ['a size that runs over the end', Buffer.concat([rawEntry({ name: 'a', type: '0', size: 99999, content: Buffer.from('abc') }), END]), /was cut/],
    ['a size that leads into content', Buffer.concat([rawEntry({ name: 'a', type: '0', size: 512, content: Buffer.alloc(1536, 'x') }), END]), /header that is none/],
    ['a header of 1 GB', Buffer.concat([rawEntry({ name: 'x', type: 'x', size: 2 ** 30 }), END]), /header that is none/],
    ['no tar', Buffer.from('#!/bin/sh\n'.repeat(200)), /no tar/],
  ];
  test.each(bad)('%s', async (_, tar, message) => {
    const error = await read(tar).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ImageError);
    expect((error as ImageError).message).toMatch(message);
    expect((error as ImageError).message).not.toMatch(/\n|\0/);
  });

  test('a tar cut anywhere is cut, or has fewer entries', async () => {
    const tar = await packTar([{ name: 'a', content: 'x'.repeat(700) }, { name: 'n'.repeat(200), content: 'y' }]);
    for (let length = 1; length < tar.length - 1024; length += 97) {
      const result = await read(tar.subarray(0, length)).then((seen) => seen.length, (error: unknown) => error);
      if (typeof result === 'number') expect(result).toBeLessThan(2);
      else expect(result).toBeInstanceOf(ImageError);
    }
  });
});

test('a tar that is broken is broken for every byte that follows, and at its end', async () => {
  const reader = new TarReader('The tar', { entry: () => undefined, data: () => undefined, entryEnd: () => undefined });
  await expect(reader.write(Buffer.alloc(512, 'x'))).rejects.toThrow(/header that is none/);
  await expect(reader.write(END)).rejects.toThrow(/header that is none/);
  await expect(reader.end()).rejects.toThrow(/header that is none/);
});

test('a chunk is kept while a header is cut in two, and no longer', async () => {
  const tar = Buffer.concat([paxEntry({ path: 'p'.repeat(2000) }), file('s', 'x'.repeat(2000)), END]);
  const seen: string[] = [];
  const reader = new TarReader('The tar', { entry: ({ path }) => { seen.push(path); }, data: (bytes) => { seen.push(String(bytes.length)); }, entryEnd: () => undefined });
  expect(await reader.write(tar.subarray(0, 1024))).toBe(true);
  expect(await reader.write(tar.subarray(1024, 4096))).toBe(false);
  expect(seen[0]).toBe('p'.repeat(2000));
  expect(seen.slice(1)).toEqual(['1024']);
});

test.each([
  ['a tar', async () => packTar([{ name: 'a' }]), true],
  ['an empty one', async () => Buffer.alloc(1024), true],
  ['JSON', async () => Buffer.from('{}'.padEnd(600)), false],
  ['a short file', async () => Buffer.from('1.0'), false],
])('looksLikeTar: %s', async (_, bytes, is) => expect(looksLikeTar((await bytes()).subarray(0, 512))).toBe(is));
