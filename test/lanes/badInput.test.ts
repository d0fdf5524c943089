import { truncate } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { ScanError } from '../../src/errors.js';
import { takeImage } from '../../src/lanes/takeImage.js';
import { configOf, docker25, dockerLegacy, END, ociBlobs, ociIndex, packTar, paxEntry, rawEntry, type Built, type PackedEntry } from '../image/build.js';
import { archiveOf, directoryOf, fileOf } from './temporary.js';

async function failureOf(archive: string): Promise<ScanError> {
  const error = await takeImage({ archive }, { config: { names: ['checksums'] } }).then(() => undefined, (caught: unknown) => caught);
  expect(error).toBeInstanceOf(ScanError);
  return error as ScanError;
}

/** One sentence of what happened, and then what to do. */
function expectClear(error: ScanError, message: RegExp, exitStatus: 2 | 3 = 3): void {
  expect(error.message).toMatch(message);
  expect(error.message).toMatch(/^[A-Z`a-z][^\n\0]*\. [A-Z][^\n]*\.$/);
  expect(error.exitStatus).toBe(exitStatus);
}

async function built(): Promise<Built> {
  return { layers: [await packTar([{ name: 'a', content: 'x'.repeat(3000) }, { name: 'b', content: 'y' }])] };
}

describe('archives that are none', () => {
  test('nothing there', async () => expectClear(await failureOf('/nowhere/image.tar'), /^There is no archive/, 2));
  test('an empty file', async () => expectClear(await failureOf(await fileOf(Buffer.alloc(0))), /holds no image/));
  test('an empty tar', async () => expectClear(await failureOf(await fileOf(Buffer.alloc(10240))), /holds no image/));
  test('text', async () => expectClear(await failureOf(await fileOf(Buffer.from('hello\n'.repeat(500)))), /^The archive is no tar/));
  test('a little text', async () => expectClear(await failureOf(await fileOf(Buffer.from('hello\n'))), /^The archive/));
  test('gzipped text', async () => expectClear(await failureOf(await fileOf(gzipSync('hello\n'.repeat(500)))), /^The archive is no tar/));
  test.each([
    ['xz', '\xfd7zXZ\0\0\x04', /^Unpack the archive first \(xz -d\): it is compressed with xz/], ['bzip2', 'BZh91AY&SY', /^Unpack the archive first \(bzip2 -d\)/],
    ['lz4', '\x04"M\x18d@', /^Unpack the archive first \(lz4 -d\)/], ['zip', 'PK\x03\x04\x14\0', /^Unpack the archive first \(unzip\): it is a zip/],
  ])('packed by %s, which is not read', async (_, head, message) => {
    expectClear(await failureOf(await fileOf(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(5000, 7)]))), message);
  });
  test('a layer packed by xz', async () => {
    const layers = [Buffer.concat([Buffer.from('\xfd7zXZ\0\0\x04', 'latin1'), Buffer.alloc(5000, 7)])];
    expectClear(await failureOf(await archiveOf(docker25({ layers }, ['shop:1.0']))), /^Unpack the layer blobs\/sha256\/[0-9a-f]+ first \(xz -d\)/);
  });
  test('a directory of something else', async () => expectClear(await failureOf(await directoryOf([{ name: 'readme', content: 'x' }])), /holds no image/));
  test('a tar of something else', async () => expectClear(await failureOf(await archiveOf([{ name: 'src/main.c', content: 'x' }])), /holds no image/));
});

test('an archive cut anywhere is told as such, never read as whole', async () => {
  const members = dockerLegacy(await built(), ['shop:1.0']);
  const whole = await packTar(members);
  // The last two blocks are the end mark, and tars that lack it are read.
  const end = whole.length - 1024 - 512;
  for (let length = 1000; length < end; length += 1000) {
    const error = await failureOf(await fileOf(whole.subarray(0, length)));
    expect(error.message).toMatch(/cut|no tar|holds no image|does not hold/);
  }
});

test.each([['gzip', gzipSync]])('a %s archive cut anywhere is told as such', async (_, compress) => {
  const noise = Buffer.from(Array.from({ length: 6000 }, (__, index) => (index * 7919) % 251));
  const whole = compress(await packTar(dockerLegacy({ layers: [await packTar([{ name: 'a', content: noise }])] }, ['shop:1.0'])));
  for (let length = 100; length < whole.length; length += 150) {
    const error = await failureOf(await fileOf(whole.subarray(0, length)));
    expectClear(error, /broken or cut|cut/);
  }
});

describe('what the manifest says is not so', () => {
  const legacy = async (change: (members: PackedEntry[]) => PackedEntry[]): Promise<string> => archiveOf(change(dockerLegacy(await built(), ['shop:1.0'])));
  const replaced = (name: RegExp, content: string | Buffer) => (members: PackedEntry[]): PackedEntry[] =>
    members.map((member) => (name.test(member.name) ? { ...member, content } : member));

  test('a missing layer', async () => expectClear(await failureOf(await legacy((members) => members.filter(({ name }) => !name.endsWith('layer.tar')))), /names the layer \S+layer\.tar, which the archive does not hold/));
  test('a missing config', async () => expectClear(await failureOf(await legacy((members) => members.filter(({ name }) => !/^[0-9a-f]+\.json$/.test(name)))), /does not hold \S+\.json/));
  test('a layer that is another', async () => expectClear(await failureOf(await legacy(replaced(/layer.tar$/, Buffer.alloc(1024)))), /^The layer \S+ is not what the image says: its digest is sha256:\S+, not sha256:/));
  test('a layer that is another, in passing', async () => {
    const members = replaced(/layer.tar$/, Buffer.alloc(1024))(dockerLegacy(await built(), ['shop:1.0']));
    expectClear(await failureOf(await fileOf(gzipSync(await packTar(members)))), /is not what the image says/);
  });
  test('a layer that is no tar', async () => {
    const layers = [Buffer.from('#!/bin/sh\n'.repeat(300))];
    expectClear(await failureOf(await archiveOf(dockerLegacy({ layers }, ['shop:1.0']))), /^The layer \S+ is no tar/);
    expectClear(await failureOf(await fileOf(gzipSync(await packTar(dockerLegacy({ layers }, ['shop:1.0']))))), /^The layer \S+ is no tar/);
  });
  test('a compressed layer that is cut', async () => {
    const members = docker25(await built(), ['shop:1.0'], (layer) => gzipSync(layer).subarray(0, 60));
    expectClear(await failureOf(await archiveOf(members)), /^The gzip data of the layer \S+ is broken or cut/);
  });
  test('a compressed layer of another digest, though its content is right', async () => {
    const image = await built();
    const [one, other] = [gzipSync(image.layers[0] ?? '', { level: 1 }), gzipSync(image.layers[0] ?? '', { level: 0 })];
    const members = docker25(image, ['shop:1.0'], () => one).map((member) => (member.content === one ? { ...member, content: other } : member));
    expectClear(await failureOf(await archiveOf(members)), /is not what the image says/);
  });
  test('a manifest blob of another digest', async () => {
    const { blobs, manifest } = ociBlobs(await built());
    const members = blobs.map((blob) => (blob.name.endsWith(manifest.digest.slice(7)) ? { ...blob, content: `${String(blob.content)} ` } : blob));
    expectClear(await failureOf(await archiveOf([...members, ...ociIndex([manifest])])), /is not what its digest says/);
  });
  test('more diff IDs than layers', async () => {
    const image = await built();
    const config = configOf({ layers: [...image.layers, ...image.layers] });
    expectClear(await failureOf(await legacy(replaced(/^[0-9a-f]+\.json$/, config))), /speaks of 2 layers and its manifest of 1/);
  });
  test('a link to itself for a layer', async () => {
    const members = dockerLegacy(await built(), ['shop:1.0']).map((member): PackedEntry => (member.name.endsWith('layer.tar') ? { name: member.name, type: 'symlink', linkname: 'layer.tar' } : member));
    expectClear(await failureOf(await archiveOf(members)), /names the layer/);
  });
});

describe('JSON', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const cases: [string, string | Buffer, RegExp][] = [
    ['that is not JSON', '[{"Config":', /^manifest\.json is not JSON/],
    ['nested 100,000 deep', deep, /^manifest\.json is nested more than 200 deep/],
    ['of another shape', '{"a":1}', /^manifest\.json does not say what it should/],
    ['empty', '[]', /holds no image/],
    ['of nulls', '[null]', /^manifest\.json does not say what it should/],
  ];
  test.each(cases)('%s', async (_, content, message) => expectClear(await failureOf(await archiveOf([{ name: 'manifest.json', content }])), message));

  test('of 1 GB is not read', async () => {
    const file = await fileOf(rawEntry({ name: 'manifest.json', type: '0', size: 2 ** 30 }));
    await truncate(file, 2 ** 30 + 2048);
    expectClear(await failureOf(file), /^manifest\.json has 1073741824 bytes, more than/);
  });

  test.each([
    ['a config nested too deep', `{"rootfs":{"diff_ids":[]},"x":${deep}}`, /config is nested/],
    ['a Windows image', JSON.stringify({ os: 'windows', rootfs: { diff_ids: [] } }), /Windows image/],
    ['a diff ID that is none', JSON.stringify({ os: 'linux', rootfs: { diff_ids: ['sha256:..'] } }), /config does not say what it should: rootfs\.diff_ids\.0/],
  ])('%s', async (_, content, message) => {
    expectClear(await failureOf(await archiveOf([{ name: 'c.json', content }, { name: 'manifest.json', content: '[{"Config":"c.json","RepoTags":null,"Layers":[]}]' }])), message);
  });
});

describe('layers that no engine unpacks', () => {
  const file = (name: string): Buffer => rawEntry({ name, type: '0', content: Buffer.from('x') });
  const cases: [string, Buffer[], RegExp][] = [
    ['a path of 64 kB', [paxEntry({ path: 'a/'.repeat(32768) }), file('s')], /^The layer \S+: the entry|path has 65536 bytes/],
    ['a NUL in a path', [paxEntry({ path: 'a\0b' }), file('s')], /NUL byte/],
    ['a hard link to nothing', [rawEntry({ name: 'h', type: '1', linkname: 'nothing' })], /^The hard link h leads to nothing/],
    ['a hard link to itself', [rawEntry({ name: 'h', type: '1', linkname: 'h' })], /^The hard link h leads to h/],
    ['entries behind a circle of links', [rawEntry({ name: 'a', type: '2', linkname: 'b' }), rawEntry({ name: 'b', type: '2', linkname: 'a' }), file('a/x')], /circle/],
    ['a lying size', [rawEntry({ name: 'a', type: '0', size: 2 ** 40, content: Buffer.from('x') })], /^The layer \S+ ends in the middle of an entry/],
    ['a sparse file', [rawEntry({ name: 'disk.img', type: 'S', content: Buffer.from('x') })], /disk\.img is of a type that no engine unpacks/],
  ];
  test.each(cases)('%s', async (_, entries, message) => {
    const layers = [Buffer.concat([...entries, END])];
    expectClear(await failureOf(await archiveOf(dockerLegacy({ layers }, ['shop:1.0']))), message);
    expectClear(await failureOf(await fileOf(gzipSync(await packTar(dockerLegacy({ layers }, ['shop:1.0']))))), message);
  });

  test('paths that leave the root, absolute ones and such as are no UTF-8 are read', async () => {
    const layers = [Buffer.concat([file('../../etc/passwd'), file('/abs'), rawEntry({ name: Buffer.from('\xff', 'latin1'), type: '0' }), END])];
    const { image } = await takeImage({ archive: await archiveOf(dockerLegacy({ layers }, ['shop:1.0'])) }, { config: { names: ['checksums'] } });
    expect([...image.flattened.nodes.keys()]).toEqual(['/abs', '/etc', '/etc/passwd', '/\udcff']);
  });
});

test('a path through a file', async () => {
  const file = await fileOf(Buffer.alloc(0));
  expectClear(await failureOf(`${file}/below`), /^There is no archive/, 2);
});
