import { describe, expect, test } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { keepCompiled } from '../src/compiled.js';

function enabledIn(folder: string, words: readonly string[]): string[] {
  const enabled: string[] = [];
  keepCompiled(words, { INLINE_SCAN_CACHE_DIR: folder }, (place) => enabled.push(place));
  return enabled;
}

const fresh = (): string => mkdtempSync(join(tmpdir(), 'inline-scan-compiled-'));

describe('what V8 made of our code', () => {
  test('is kept in a folder of this build, which nobody else may write', () => {
    const folder = fresh();
    const [place = ''] = enabledIn(folder, ['scan', 'image.tar']);
    expect(place.startsWith(join(folder, 'compiled'))).toBe(true);
    expect(statSync(place).mode & 0o077).toBe(0);
    expect(enabledIn(folder, ['scan', 'image.tar'])).toEqual([place]);
  });

  test('of another build goes', () => {
    const folder = fresh();
    const other = join(folder, 'compiled', '0123456789abcdef');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'code'), 'of a build that is gone');
    expect(enabledIn(folder, ['scan'])).toHaveLength(1);
    expect(existsSync(other)).toBe(false);
  });

  test('what others keep there, or where a link leads, stays', () => {
    const folder = fresh();
    const own = join(folder, 'compiled', 'report.tex');
    mkdirSync(join(folder, 'compiled'));
    writeFileSync(own, 'a thesis');
    expect(enabledIn(folder, ['scan'])).toHaveLength(1);
    expect(existsSync(own)).toBe(true);

    const elsewhere = join(fresh(), 'fedcba9876543210');
    mkdirSync(elsewhere);
    const linked = fresh();
    symlinkSync(dirname(elsewhere), join(linked, 'compiled'));
    enabledIn(linked, ['scan']);
    expect(existsSync(elsewhere)).toBe(true);
  });

  test.each([[['scan', '--cache', 'false', 'image.tar']], [['scan', '--cache=false']]])('is not kept with %j', (words) => {
    const folder = fresh();
    expect(enabledIn(folder, words)).toEqual([]);
    expect(existsSync(join(folder, 'compiled'))).toBe(false);
  });

  test.each([[['--cache', 'true', 'false']], [['false']], [[]]])('is kept with %j', (words) => {
    expect(enabledIn(fresh(), words)).toHaveLength(1);
  });

  test('is not read from where others may write', () => {
    const folder = fresh();
    const [place = ''] = enabledIn(folder, ['scan']);
    chmodSync(place, 0o777);
    expect(enabledIn(folder, ['scan'])).toEqual([]);
  });

  test('a cache that cannot be written is no error', () => {
    const file = join(fresh(), 'file');
    writeFileSync(file, '');
    expect(enabledIn(file, ['scan'])).toEqual([]);
  });
});
