import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Analyzer, Want } from '../../src/analyzers/analyzer.js';
import { readLayer, type Chunk, type LanePart } from '../../src/lanes/readLayer.js';
import { unreadLinks } from '../../src/lanes/unreadLinks.js';
import { packTar, rawEntry, END } from '../image/build.js';

/** Hands out a tar in chunks over memory that is spoilt as soon as it is given back. */
async function* chunksOf(tar: Buffer, size: number, released: number[] = []): AsyncGenerator<Chunk> {
  for (let at = 0, index = 0; at < tar.length; at += size, index++) {
    const bytes = Buffer.from(tar.subarray(at, at + size));
    yield { bytes, release: () => { bytes.fill(0xee); released.push(index); } };
  }
}

async function read(tar: Buffer, analyzers: readonly Analyzer[], size = 1024): Promise<LanePart> {
  const whole: LanePart = { entries: [], facts: {}, problems: [] };
  await readLayer('The layer', chunksOf(tar, size), analyzers, (part) => {
    whole.entries.push(...part.entries);
    whole.problems.push(...part.problems);
    for (const [name, rows] of Object.entries(part.facts)) (whole.facts[name] ??= []).push(...rows);
  });
  return whole;
}

function analyzer(name: string, wants: (path: string, head: Buffer) => Want, rest: Partial<Analyzer> = {}): Analyzer {
  return { name, description: '', version: 1, wants: (entry, head) => wants(entry.path, head), analyze: (_, bytes) => bytes.toString('latin1'), ...rest };
}

const text = analyzer('text', () => ({ limit: 5000, beyond: 'skip' }));
const named = analyzer('named', (path) => (path.endsWith('db') ? { limit: 10, beyond: 'problem' } : 'nothing'));
const streaming = analyzer('streaming', () => 'stream', {
  open: () => {
    let all = '';
    return { write: (chunk) => { all += chunk.toString('latin1'); }, end: () => all };
  },
});

describe('what an analyzer wants', () => {
  test('bytes up to a limit, a stream, or nothing; beyond a limit silently or told', async () => {
    const tar = await packTar([{ name: 'small.db', content: '0123456789' }, { name: 'big.db', content: 'x'.repeat(6000) }, { name: 'empty', content: '' }, { name: 'd/', type: 'directory' }]);
    const part = await read(tar, [text, named, streaming]);
    expect(part.facts).toEqual({
      text: [[0, '0123456789'], [2, '']],
      named: [[0, '0123456789']],
      streaming: [[0, '0123456789'], [1, 'x'.repeat(6000)], [2, '']],
    });
    expect(part.problems).toEqual([{ path: '/big.db', analyzer: 'named', message: 'The file has 6000 bytes, more than the 10 that are read of such a file, so it was not analysed.' }]);
  });

  test('is asked with at least 512 bytes, or all there are', async () => {
    const heads: [string, number][] = [];
    const asking = analyzer('asking', (path, head) => { heads.push([path, head.length]); return 'nothing'; });
    const sizes = [0, 1, 511, 512, 513, 5000];
    const tar = await packTar(sizes.map((size) => ({ name: `f${size}`, content: 'x'.repeat(size) })));
    for (const chunk of [512, 1024, 1 << 20]) await read(tar, [asking], chunk);
    expect(heads).toHaveLength(3 * sizes.length);
    for (const [path, length] of heads) expect(length).toBeGreaterThanOrEqual(Math.min(512, Number(path.slice(1))));
  });

  test('is not asked of whiteouts, links, devices', async () => {
    const asked: string[] = [];
    const asking = analyzer('asking', (path) => { asked.push(path); return 'nothing'; });
    await read(await packTar([{ name: 'a', content: 'x' }, { name: '.wh.b', content: '' }, { name: 'l', type: 'symlink', linkname: 'a' }, { name: 'h', type: 'link', linkname: 'a' }, { name: 'p', type: 'fifo' }]), [asking]);
    expect(asked).toEqual(['a']);
  });
});

test('facts are the same however the tar is cut into chunks, though memory is used again', async () => {
  const names = fc.stringMatching(/^[a-z]{1,150}$/);
  const files = fc.array(fc.tuple(names, fc.nat(4000)), { minLength: 1, maxLength: 12 });
  await fc.assert(fc.asyncProperty(files, fc.integer({ min: 1, max: 8 }), async (list, blocks) => {
    const content = list.map(([name, size], index) => ({ name, content: String.fromCharCode(65 + index).repeat(size) }));
    const tar = await packTar(content);
    const part = await read(tar, [text, streaming], blocks * 512);
    expect(part.facts['streaming']).toEqual(content.map((file, index) => [index, file.content]));
    expect(part.facts['text']).toEqual(content.map((file, index) => [index, file.content]));
    expect(part.entries.map(({ path }) => path)).toEqual(list.map(([name]) => name));
  }), { numRuns: 100 });
});

test('every chunk is given back once, in order, and soon', async () => {
  const tar = await packTar([{ name: 'n'.repeat(1500), content: 'x'.repeat(9000) }, { name: 'b', content: 'y' }]);
  const released: number[] = [];
  await readLayer('The layer', chunksOf(tar, 512, released), [streaming], () => undefined);
  expect(released).toEqual(Array.from({ length: tar.length / 512 }, (_, index) => index));
});

test('rows come in batches with the right indexes', async () => {
  const tar = Buffer.concat([...Array.from({ length: 10_000 }, (_, index) => rawEntry({ name: `f${index}`, type: '0' })), END]);
  const batches: LanePart[] = [];
  await readLayer('The layer', chunksOf(tar, 512 * 64), [analyzer('odd', (path) => (Number(path.slice(1)) % 2 ? { limit: 1, beyond: 'skip' } : 'nothing'))], (part) => batches.push(part));
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.flatMap(({ entries }) => entries)).toHaveLength(10_000);
  expect(batches.flatMap(({ facts }) => facts['odd'] ?? []).map(([index]) => index)).toEqual(Array.from({ length: 5000 }, (_, index) => 2 * index + 1));
}, 30_000);

test('an analyzer that throws is a bug: it is named, with the file and the cause', async () => {
  const broken = analyzer('broken', () => ({ limit: 10, beyond: 'skip' }), { analyze: () => { throw new TypeError('oops'); } });
  const error = await read(await packTar([{ name: 'etc/x', content: 'x' }]), [broken]).catch((caught: unknown) => caught as Error);
  expect((error as Error).message).toBe('The analyzer broken failed on etc/x');
  expect((error as Error).cause).toBeInstanceOf(TypeError);
});

describe('hard links under whose name alone an analyzer knows a file', () => {
  const link = (target: string): Parameters<typeof packTar>[0] => [{ name: 'blob', content: '0123' }, { name: 'other.db', content: '0123' }, { name: 'var/the.db', type: 'link', linkname: target }];
  const problems = async (target: string): Promise<string[]> => unreadLinks(await read(await packTar(link(target)), [text, named]), [text, named]).map(({ path, analyzer: by, message }) => `${by} ${path} ${message}`);

  test('are told', async () => expect(await problems('blob')).toEqual(['named /var/the.db It is a hard link to /blob, under which name the file was not recognised, so it was not analysed.']));
  test('also where the file is of a lower layer', async () => expect(await problems('elsewhere')).toHaveLength(1));
  test('are not where the first name told it as well', async () => expect(await problems('other.db')).toEqual([]));
});
