import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { checksums, type Checksums } from '../../src/analyzers/checksums.js';
import { viewOf } from '../../src/analyzers/view.js';
import { flatten } from '../../src/image/flatten.js';
import type { Image } from '../../src/image/image.js';
import type { EntryType, FactRow, LayerEntry, Problem } from '../../src/image/layer.js';

const EMPTY = 'd41d8cd98f00b204e9800998ecf8427e';

function entry(path: string, type: EntryType = 'file', linkname?: string): LayerEntry {
  return { path, type, mode: 0o644, uid: 0, gid: 0, size: type === 'file' ? 1 : 0, mtime: 0, ...(linkname === undefined ? {} : { linkname }) };
}

/** The digests stand for the bytes: a file's are of its own `layer:index`. */
function digests(text: string): Checksums {
  const hex = (algorithm: string): string => createHash(algorithm).update(text).digest('hex');
  return { md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256') };
}

/** An image of which only what views use is there. */
function imageOf(...layers: LayerEntry[][]): Image {
  const facts = layers.map((entries, layer): FactRow[] => entries.flatMap(({ type }, index) => (type === 'file' ? [[index, digests(`${layer}:${index}`)] as const] : [])));
  return {
    layers: layers.map((entries, index) => ({ index, facts: { diffId: '', sizeBytes: 0, entries, facts: { checksums: facts[index] ?? [] }, problems: [] }, createdBy: '', historyIndex: -1 })),
    flattened: flatten(layers),
  } as unknown as Image;
}

test('digests of a file in pieces, and of an empty one', () => {
  const sink = checksums.open?.(entry('a'), () => undefined);
  for (const piece of ['in ', '', 'pieces']) sink?.write(Buffer.from(piece));
  expect(sink?.end()).toEqual(digests('in pieces'));
  expect(checksums.open?.(entry('a'), () => undefined).end()).toMatchObject({ md5: EMPTY });
});

test('every file is wanted as a stream', () => expect(checksums.wants(entry('a'), Buffer.alloc(0))).toBe('stream'));

describe('the report', () => {
  const image = imageOf(
    [entry('d', 'directory'), entry('d/a'), entry('d/b', 'hardlink', 'd/a'), entry('l', 'symlink', 'd/a'), entry('gone')],
    [entry('.wh.gone'), entry('d/a')],
  );

  test('has a hard link\'s target, and a word for what is no file', () => {
    const sections = checksums.report?.(viewOf(image, checksums, [])) ?? {};
    expect(sections['file_checksums']?.['files.md5sums']).toEqual({
      '/d': 'DIRECTORY_OR_OTHER', '/d/a': digests('1:1').md5, '/d/b': digests('0:1').md5, '/l': 'DIRECTORY_OR_OTHER',
    });
    expect(Object.keys(sections['file_checksums'] ?? {})).toEqual(['files.md5sums', 'files.sha256sums']);
  });

  test('has SHA-1 where apk is at home', () => {
    const alpine = imageOf([entry('lib/apk/db/installed')]);
    const sections = checksums.report?.(viewOf(alpine, checksums, [])) ?? {};
    expect(sections['file_checksums']?.['files.sha1sums']).toMatchObject({ '/lib/apk/db/installed': digests('0:0').sha1 });
  });
});

describe('a view', () => {
  const image = imageOf(
    [entry('a'), entry('b', 'hardlink', 'a'), entry('secret'), entry('x/y'), entry('twice'), entry('twice')],
    [entry('.wh.secret'), entry('a'), entry('x')],
    [entry('c', 'hardlink', 'b')],
  );
  const problems: Problem[] = [];
  const view = viewOf(image, checksums, problems);

  test('shows each name of a visible file, sorted, with the layer of its entry', () => {
    expect([...view.facts()].map(({ path, layer, fact }) => [path, layer, fact.sha256])).toEqual([
      ['/a', 1, digests('1:1').sha256], ['/b', 0, digests('0:0').sha256], ['/c', 2, digests('0:0').sha256],
      ['/twice', 0, digests('0:5').sha256], ['/x', 1, digests('1:2').sha256],
    ]);
  });

  test('shows what was hidden, but not what has another name still', () => {
    expect([...view.hidden()].map(({ path, layer, hiddenBy, fact }) => [path, layer, hiddenBy, fact.md5])).toEqual([
      ['/secret', 0, 1, digests('0:2').md5], ['/twice', 0, 0, digests('0:4').md5], ['/x/y', 0, 1, digests('0:3').md5],
    ]);
  });

  test('shows another analyzer\'s facts, and takes problems', () => {
    expect([...view.of({ name: 'none' })]).toEqual([]);
    expect([...view.of(checksums)]).toHaveLength(5);
    view.problem('/a', 'odd');
    expect(problems).toEqual([{ path: '/a', analyzer: 'checksums', message: 'odd' }]);
  });
});
