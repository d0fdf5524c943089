import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanPath, pathFromBinary, pathToBytes, printablePath, splitPath } from '../../src/text/path.js';

describe('bytes of paths', () => {
  test('any bytes come back', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const path = pathFromBinary(Buffer.from(bytes).toString('latin1'));
      expect(pathToBytes(path)).toEqual(Buffer.from(bytes));
      expect(pathToBytes(JSON.parse(JSON.stringify(path)) as string)).toEqual(Buffer.from(bytes));
    }), { numRuns: 1000 });
  });

  test('UTF-8 is itself, pairs of surrogates included', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(pathFromBinary(Buffer.from(text, 'utf8').toString('latin1'))).toBe(text);
      expect(pathToBytes(text).toString('utf8')).toBe(text);
    }));
    expect(pathToBytes('\u{10080}').toString('utf8')).toBe('\u{10080}');
  });

  test.each([
    ['caf\xe9', 'caf\udce9', 'caf\\xe9'],
    ['\xff/\xc3\xa9', '\udcff/é', '\\xff/é'],
    ['a\nb', 'a\nb', 'a\\x0ab'],
    ['x\xe2\x80\xaegnp.exe', 'x\u202egnp.exe', 'x\\u202egnp.exe'],
  ])('%j', (binary, path, printed) => {
    expect(pathFromBinary(binary)).toBe(path);
    expect(printablePath(path)).toBe(printed);
  });
});

test.each([
  ['usr/bin/env', 'usr/bin/env'],
  ['./usr//bin/', 'usr/bin'],
  ['/etc/passwd', 'etc/passwd'],
  ['../../etc/passwd', 'etc/passwd'],
  ['a/../../b', 'b'],
  ['a/./b/..', 'a'],
  ['./', ''],
  ['/', ''],
  ['..', ''],
  ['.hidden/..data/...', '.hidden/..data/...'],
])('cleanPath(%j) is %j', (path, clean) => expect(cleanPath(path)).toBe(clean));

test.each([
  ['usr/bin/env', ['usr/bin', 'env']],
  ['bin', ['', 'bin']],
])('splitPath(%j)', (path, parts) => expect(splitPath(path)).toEqual(parts));
