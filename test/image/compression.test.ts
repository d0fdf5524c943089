import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { ImageError } from '../../src/errors.js';
import { fromChunks, toChunks, type ByteSource } from '../../src/image/bytes.js';
import { compressionOf, decompressed } from '../../src/image/compression.js';
import { looksLikeTar } from '../../src/image/tarHeader.js';
import { zstdOf } from './zstd.js';

function sourceOf(bytes: Buffer, piece = 1000): ByteSource {
  return fromChunks((async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  })());
}

async function allOf(source: ByteSource): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of toChunks(source, 4096)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function plainOf(packed: Buffer): Promise<Buffer> {
  return allOf((await decompressed(sourceOf(packed), 'the layer')).source);
}

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) % 253));

test.each([
  ['gzip', gzipSync('x'), 'gzip'],
  ['zstd', zstdOf(Buffer.from('x')), 'zstd'],
  ['a skippable zstd frame', Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]), 'zstd'],
  ['a tar', Buffer.from('etc/passwd'), 'none'],
  ['nothing', Buffer.alloc(0), 'none'],
  ['gzip with a method that is none', Buffer.from([0x1f, 0x8b, 7, 0]), 'none'],
] as const)('compressionOf %s', (_, head, compression) => expect(compressionOf(head)).toBe(compression));

describe('decompressed', () => {
  const empty = Buffer.alloc(0);
  const cases: [string, Buffer, Buffer, string][] = [
    ['plain', bytes, bytes, 'none'],
    ['of three bytes', Buffer.from('abc'), Buffer.from('abc'), 'none'],
    ['empty', empty, empty, 'none'],
    ['gzip', gzipSync(bytes), bytes, 'gzip'],
    ['gzip of nothing', gzipSync(empty), empty, 'gzip'],
    ['several gzip members, as eStargz has them', Buffer.concat([gzipSync(bytes), gzipSync(bytes)]), Buffer.concat([bytes, bytes]), 'gzip'],
    ['zstd', zstdOf(bytes), bytes, 'zstd'],
    ['several zstd frames, one to be skipped, as zstd:chunked has them', Buffer.concat([zstdOf(bytes), Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]), zstdOf(bytes)]), Buffer.concat([bytes, bytes]), 'zstd'],
  ];
  test('what the tool writes, between frames of a few bytes and larger ones', async () => {
    const real = readFileSync('test/fixtures/image/layer.tar.zst');
    const large = randomBytes(300_000);
    const plain = await plainOf(real);
    expect([plain.length, looksLikeTar(plain.subarray(0, 512))]).toEqual([128_512, true]);
    expect((await plainOf(Buffer.concat([zstdOf(Buffer.from('a')), zstdOf(large), real, zstdOf(Buffer.alloc(0)), zstdOf(Buffer.from('z'))]))).equals(Buffer.concat([Buffer.from('a'), large, plain, Buffer.from('z')]))).toBe(true);
  });

  test.each(cases)('%s', async (_, packed, plain, compression) => {
    const opened = await decompressed(sourceOf(packed), 'the layer');
    expect(opened.compression).toBe(compression);
    expect((await allOf(opened.source)).equals(plain)).toBe(true);
  });

  test.each([
    ['gzip', gzipSync(bytes)],
    ['zstd', zstdOf(bytes)],
  ])('%s that is cut or spoilt is one sentence', async (compression, packed) => {
    const spoilt = Buffer.from(packed);
    spoilt.fill(0xff, 200, 300);
    const cut = packed.subarray(0, packed.length / 2);
    for (const bad of compression === 'gzip' ? [cut, spoilt] : [cut]) {
      const { source } = await decompressed(sourceOf(bad), 'the layer x');
      const error = await allOf(source).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ImageError);
      expect((error as Error).message).toMatch(new RegExp(`^The ${compression} data of the layer x is broken or cut \\([^\\n]+\\)\\. Save the image again\\.$`));
    }
  });

  test('zstd that asks for gigabytes of memory is refused', async () => {
    const greedy = zstdOf(bytes);
    greedy[5] = 21 << 3;
    await expect(decompressed(sourceOf(greedy), 'the layer')).rejects.toThrow(/^The zstd data of the layer asks for a window of more than 128 MiB/);
    const later = Buffer.concat([zstdOf(bytes), greedy]);
    const { source } = await decompressed(sourceOf(later), 'the layer');
    await expect(allOf(source)).rejects.toThrow(ImageError);
  });

  test('an error of whoever gives the bytes comes through as it is', async () => {
    const source = fromChunks((async function* () {
      yield gzipSync(bytes).subarray(0, 100);
      throw new Error('the disk is on fire');
    })());
    const opened = await decompressed(source, 'the layer');
    await expect(allOf(opened.source)).rejects.toThrow('the disk is on fire');
  });

  test('what expands 1,000-fold is a bomb, past the bound', async () => {
    const bomb = gzipSync(Buffer.alloc(4_000_000));
    const { source } = await decompressed(sourceOf(bomb), 'the layer', { bytes: 1_000_000, fold: 200 });
    await expect(allOf(source)).rejects.toThrow(/^The gzip data of the layer expands more than 200-fold, past 1000000 bytes, as no real layer does\./);
    const within = await decompressed(sourceOf(bomb), 'the layer', { bytes: 5_000_000, fold: 200 });
    expect(await allOf(within.source)).toHaveLength(4_000_000);
  });
});
