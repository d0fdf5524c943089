import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ImageError } from '../../src/errors.js';
import { flatten } from '../../src/image/flatten.js';
import type { EntryType, LayerEntry } from '../../src/image/layer.js';
import { cleanPath } from '../../src/text/path.js';
import { flattenPlainly } from './model.js';

function entry(path: string, type: EntryType, linkname?: string, size = 1): LayerEntry {
  return { path, type, mode: type === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, size: type === 'file' ? size : 0, mtime: 0, ...(linkname === undefined ? {} : { linkname }) };
}

/** `a/` a directory, `a -> b` a symbolic link, `a = b` a hard link, `a` a file. */
function layer(...lines: string[]): LayerEntry[] {
  return lines.map((line) => {
    const [, left = '', how, right] = /^(\S+)(?: (->|=) (\S+))?$/.exec(line) ?? [];
    if (how) return entry(left, how === '->' ? 'symlink' : 'hardlink', right);
    return left.endsWith('/') ? entry(left.slice(0, -1), 'directory') : entry(left, 'file');
  });
}

/** Each path with where its entry and its bytes are: `/a 0:1`, `/b 0:2=0:1`. */
function shown(layers: LayerEntry[][]): string[] {
  return [...flatten(layers).nodes.values()].map(({ path, entry: said, layer: from, content, contentLayer }) => {
    const index = layers[from]?.findIndex((one) => one === said || one.path === said.path && one.type === 'hardlink') ?? -1;
    const at = index < 0 ? 'implied' : `${from}:${index}`;
    const bytes = said.type === 'hardlink' ? `=${contentLayer ?? from}:${content}` : '';
    return `${path} ${at}${bytes}`;
  });
}

describe('later layers win', () => {
  const cases: [string, LayerEntry[][], string[]][] = [
    ['a file over a file', [layer('a'), layer('a')], ['/a 1:0']],
    ['a directory over a directory merges, with the upper one\'s mode', [layer('d/', 'd/a'), layer('d/', 'd/b')], ['/d 1:0', '/d/a 0:1', '/d/b 1:1']],
    ['a file over a directory takes its children along', [layer('d/', 'd/a'), layer('d')], ['/d 1:0']],
    ['a symbolic link over a directory takes its children along', [layer('d/', 'd/a', 'e/'), layer('d -> e')], ['/d 1:0', '/e 0:2']],
    ['a directory over a file', [layer('d'), layer('d/', 'd/a')], ['/d 1:0', '/d/a 1:1']],
    ['a directory over a symbolic link to one replaces it', [layer('e/', 'd -> e'), layer('d/', 'd/a')], ['/d 1:0', '/d/a 1:1', '/e 0:0']],
    ['directories that no entry makes', [layer('a/b/c')], ['/a implied', '/a/b implied', '/a/b/c 0:0']],
    ['a directory said after what is in it', [layer('a/b', 'a/')], ['/a 0:1', '/a/b 0:0']],
    ['twice in one layer: the last', [layer('a', 'a')], ['/a 0:1']],
    ['the root is not listed', [[entry('', 'directory'), ...layer('a')]], ['/a 0:1']],
    ['sorted by code units, not by directory', [layer('a/b', 'a.b', 'a')], ['/a 0:2', '/a.b 0:1']],
  ];
  test.each(cases)('%s', (_, layers, nodes) => expect(shown(layers)).toEqual(nodes));
});

describe('whiteouts', () => {
  const cases: [string, LayerEntry[][], string[]][] = [
    ['remove a file', [layer('a', 'b'), layer('.wh.a')], ['/b 0:1']],
    ['remove a directory and all below', [layer('d/', 'd/a', 'd/e/f'), layer('.wh.d')], []],
    ['remove what lower layers left, not what their own has, before', [layer('d/', 'd/a'), layer('d/', 'd/b', '.wh.d')], ['/d 1:0', '/d/b 1:1']],
    ['… or after', [layer('d/', 'd/a'), layer('.wh.d', 'd/', 'd/b')], ['/d 1:1', '/d/b 1:2']],
    ['opaque hides lower content, wherever it stands', [layer('d/', 'd/a', 'd/e/f'), layer('d/b', 'd/.wh..wh..opq', 'd/c')], ['/d 0:0', '/d/b 1:0', '/d/c 1:2']],
    ['opaque at the root', [layer('a', 'd/b'), layer('.wh..wh..opq', 'c')], ['/c 1:1']],
    ['of nothing are nothing', [layer('a'), layer('.wh.b', 'x/.wh.y', 'a/.wh.z', 'x/.wh..wh..opq')], ['/a 0:0']],
    ['work through symbolic links to directories', [layer('usr/bin/x', 'bin -> usr/bin'), layer('bin/.wh.x')], ['/bin 0:1', '/usr implied', '/usr/bin implied']],
    ["AUFS's bookkeeping is passed over", [layer('.wh..wh.plnk/', '.wh..wh.plnk/1.2', '.wh..wh.aufs', 'a')], ['/a 0:3']],
    ['a removed file may come again', [layer('a'), layer('.wh.a'), layer('a')], ['/a 2:0']],
    ['behind a circle of links are nothing', [layer('a -> b', 'b -> a'), layer('a/.wh.x')], ['/a 0:0', '/b 0:1']],
  ];
  test.each(cases)('%s', (_, layers, nodes) => expect(shown(layers)).toEqual(nodes));
});

describe('symbolic links on the way', () => {
  const cases: [string, LayerEntry[][], string[]][] = [
    ['a directory that is one (usrmerge)', [layer('usr/bin/', 'bin -> usr/bin'), layer('bin/x')], ['/bin 0:1', '/usr implied', '/usr/bin 0:0', '/usr/bin/x 1:0']],
    ['an absolute one', [layer('usr/lib/', 'lib -> /usr/lib'), layer('lib/x')], ['/lib 0:1', '/usr implied', '/usr/lib 0:0', '/usr/lib/x 1:0']],
    ['one that would leave the root', [layer('out -> ../../..', 'abs -> /../etc'), layer('out/x', 'abs/y')], ['/abs 0:1', '/etc implied', '/etc/y 1:1', '/out 0:0', '/x 1:0']],
    ['one to nothing: engines make what is missing', [layer('bin -> usr/bin', 'bin/x')], ['/bin 0:0', '/usr implied', '/usr/bin implied', '/usr/bin/x 0:1']],
    ['a link at the end is replaced, not followed', [layer('a', 'l -> a'), layer('l')], ['/a 0:0', '/l 1:0']],
    ['a file on the way gives way to a directory', [layer('a'), layer('a/b')], ['/a implied', '/a/b 1:0']],
  ];
  test.each(cases)('%s', (_, layers, nodes) => expect(shown(layers)).toEqual(nodes));

  test('a circle with something below cannot be unpacked', () => {
    expect(() => flatten([layer('a -> b', 'b -> a', 'a/x')])).toThrow(ImageError);
    expect(() => flatten([layer('a -> a', 'a/x')])).toThrow(/circle/);
  });
});

describe('hard links', () => {
  const cases: [string, LayerEntry[][], string[]][] = [
    ['have the bytes of their target', [layer('a', 'b = a')], ['/a 0:0', '/b 0:1=0:0']],
    ['of hard links too', [layer('a', 'b = a', 'c = b')], ['/a 0:0', '/b 0:1=0:0', '/c 0:2=0:0']],
    ['keep them when the target is removed', [layer('a', 'b = a'), layer('.wh.a')], ['/b 0:1=0:0']],
    ['keep them when the target is replaced', [layer('a', 'b = a'), layer('a')], ['/a 1:0', '/b 0:1=0:0']],
    ['to a later entry', [layer('b = a', 'a')], ['/a 0:1', '/b 0:0=0:1']],
    ['to their own layer rather than a lower one', [layer('a'), layer('b = a', 'a')], ['/a 1:1', '/b 1:0=1:1']],
    ['to a lower layer, where their own has none', [layer('a'), layer('b = a')], ['/a 0:0', '/b 1:0=0:0']],
    ['through a directory that is a symbolic link', [layer('usr/bin/x', 'bin -> usr/bin', 'bin/y = bin/x')], ['/bin 0:1', '/usr implied', '/usr/bin implied', '/usr/bin/x 0:0', '/usr/bin/y 0:2=0:0']],
  ];
  test.each(cases)('%s', (_, layers, nodes) => expect(shown(layers)).toEqual(nodes));

  test('to a symbolic link are one', () => {
    const node = flatten([layer('a', 'l -> a', 'm = l')]).nodes.get('/m');
    expect(node?.entry).toMatchObject({ type: 'symlink', linkname: 'a', path: 'm' });
  });

  test.each([
    ['nothing', layer('b = a')],
    ['themselves', layer('b = b')],
    ['each other', layer('a = b', 'b = a')],
    ['a directory', layer('d/', 'b = d')],
  ])('to %s cannot be unpacked', (_, entries) => {
    expect(() => flatten([entries])).toThrow(ImageError);
    expect(() => flatten([entries])).toThrow(/^The hard link \S+ leads to \S+, which its layer does not hold/);
  });

  test('know their other names, and have their size', () => {
    const { nodes } = flatten([[entry('a', 'file', undefined, 42), ...layer('b = a', 'c = a', 'lone')]]);
    expect(nodes.get('/b')).toMatchObject({ size: 42, otherNames: ['/a', '/c'] });
    expect(nodes.get('/lone')?.otherNames).toEqual([]);
  });
});

test('what was removed or replaced is listed, with who did it', () => {
  const { hidden } = flatten([layer('d/', 'd/secret', 'a', 'bin -> d', 'twice', 'twice'), layer('.wh.d', 'a')]);
  expect(hidden.map(({ path, layer: from, entry: index, hiddenBy }) => [path, from, index, hiddenBy])).toEqual([
    ['/twice', 0, 4, 0], ['/d', 0, 0, 1], ['/d/secret', 0, 1, 1], ['/a', 0, 2, 1],
  ]);
});

test('agrees with a plain model on any layers', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  const target = fc.oneof(path, path.map((to) => `/${to}`), path.map((to) => `../${to}`), fc.constantFrom('.', '..', '/', '../..', 'a/../b'));
  const anyEntry = fc.oneof(
    { weight: 4, arbitrary: path.map((at) => entry(at, 'file')) },
    { weight: 3, arbitrary: path.map((at) => entry(at, 'directory')) },
    { weight: 3, arbitrary: fc.tuple(path, target).map(([at, to]) => entry(at, 'symlink', to)) },
    { weight: 2, arbitrary: fc.tuple(path, path).map(([at, to]) => entry(at, 'hardlink', cleanPath(to))) },
    { weight: 1, arbitrary: path.map((at) => entry(at, 'fifo')) },
    { weight: 2, arbitrary: path.map((at) => entry(at.replace(/[^/]+$/, '.wh.$&'), 'file')) },
    { weight: 1, arbitrary: path.map((at) => entry(at.replace(/[^/]+$/, '.wh..wh..opq'), 'file')) },
  );
  const layers = fc.array(fc.array(anyEntry, { maxLength: 8 }), { maxLength: 4 });
  let compared = 0;
  fc.assert(fc.property(layers, (given) => {
    let plain: Map<string, string[]>;
    try {
      plain = new Map([...flattenPlainly(given)].map(([at, { entry: said, at: from, content }]) => [`/${at}`, [said.type, from, content ?? '']]));
    } catch {
      expect(() => flatten(given)).toThrow(ImageError);
      return;
    }
    const { nodes, hidden } = flatten(given);
    const ours = new Map([...nodes].map(([at, node]) => {
      const file = node.entry.type === 'file' || node.entry.type === 'hardlink';
      const from = given[node.layer]?.some((one) => one === node.entry) ? `${node.layer}:${given[node.layer]?.indexOf(node.entry)}` : node.content < 0 ? 'implied' : `${node.layer}:${node.content}`;
      return [at, [node.entry.type, from, file ? `${node.contentLayer ?? node.layer}:${node.content}` : '']];
    }));
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(plain));
    expect([...nodes.keys()]).toEqual([...nodes.keys()].sort());
    expect(hidden.every(({ layer: from, hiddenBy }) => from <= hiddenBy)).toBe(true);
    compared++;
  }), { numRuns: 2000 });
  expect(compared).toBeGreaterThan(500);
});
