import { expect, test } from '@jest/globals';
import { PathJoiner, textOf } from '../../../src/analyzers/os/paths.js';

test.each([
  ['', 'init', '/init'], ['etc', 'passwd', '/etc/passwd'], ['/usr/bin/', 'env', '/usr/bin/env'], ['/', 'bin', '/bin'],
  ['x'.repeat(4096), 'y', undefined], ['', 'y'.repeat(5000), undefined],
])('%j and %j are %j', (folder, name, expected) => {
  expect(new PathJoiner(1000).join(folder, name)).toBe(expected);
});

test('what it gives is bounded by the database', () => {
  const joiner = new PathJoiner(1000);
  const all = Array.from({ length: 1000 }, () => joiner.join('x'.repeat(1000), 'y'));
  expect(all.filter((path) => path !== undefined).length).toBe(Math.floor((8 * 1000 + 64 * 1024) / 1002));
});

test('bytes that are no UTF-8 are kept', () => {
  expect(textOf(Buffer.from('/etc/\u00e4', 'utf8'))).toBe('/etc/ä');
  expect(textOf(Buffer.from('/etc/\u00e4', 'latin1'))).toBe('/etc/\udce4');
});
