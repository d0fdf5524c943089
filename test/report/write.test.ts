import { expect, test } from '@jest/globals';
import type { ImageLayer } from '../../src/image/image.js';
import { depthOf } from '../../src/report/write.js';

/** `1000` or `1000 dpkg`: entries of a layer, and an analyzer that has facts in it. */
function layers(...said: string[]): ImageLayer[] {
  return said.map((one, index) => {
    const [count = '', analyzer] = one.split(' ');
    const entries = Array.from({ length: Number(count) }, (_, at) => ({ path: `${index}/${at}`, type: 'file' as const, mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 }));
    return { index, createdBy: '', historyIndex: index, facts: { diffId: `sha256:${index}`, sizeBytes: 0, entries, facts: analyzer === undefined ? {} : { [analyzer]: [] }, problems: [] } };
  });
}

test.each([
  ['a single layer', ['100 dpkg'], 1],
  ['a small layer on a base', ['1000 dpkg', '10'], 1],
  ['several small ones on a base', ['1000 dpkg', '10', '10', '10'], 1],
  ['packages of the operating system that a later layer installs', ['1000 dpkg', '10 dpkg', '10', '10'], 2],
  ['the top layer is never within, whatever it installs', ['1000 dpkg', '10', '10 apk'], 1],
  ['facts of another kind do not matter', ['1000 dpkg', '10 npm', '10'], 1],
  ['a large layer is within', ['1000 dpkg', '900', '10'], 2],
  ['but not where it is the top', ['1000 dpkg', '900'], 1],
  ['nothing of the operating system, all small', ['10', '10', '10'], 2],
])('how much a foundation holds: %s', (_, said, depth) => expect(depthOf(layers(...said))).toBe(depth));

test.each([
  ['a small layer more', ['10'], 0],
  ['a large one and a small one more', ['900', '10'], 1],
  ['packages more', ['10 rpm', '10'], 1],
])('… beyond one of a thousand entries that there is: %s', (_, said, depth) => expect(depthOf(layers(...said), 1000)).toBe(depth));
