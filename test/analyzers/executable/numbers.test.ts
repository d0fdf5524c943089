import { describe, expect, test } from '@jest/globals';
import { Numbers } from '../../../src/analyzers/executable/numbers.js';
import { FormatError } from '../../../src/analyzers/packageFile/read.js';

const BYTES = Buffer.from('0102030405060708', 'hex');

describe.each([
  ['little', false, 0x0201, 0x04030201, Number(0x0807060504030201n)],
  ['big', true, 0x0102, 0x01020304, Number(0x0102030405060708n)],
] as const)('%s-endian', (_, bigEndian, two, four, eight) => {
  const numbers = new Numbers(BYTES, bigEndian);
  test('numbers of two, four and eight bytes', () => {
    expect([numbers.u16(0), numbers.u32(0), numbers.u64(0)]).toEqual([two, four, eight]);
  });
  test('a word is as wide as a pointer', () => {
    expect([numbers.word(0, false), numbers.word(0, true)]).toEqual([four, eight]);
  });
  test.each([['u16', 7], ['u32', 5], ['u64', 1], ['u16', -1], ['u32', NaN]] as const)('%s at %d is cut off', (width, at) => {
    expect(() => numbers[width](at)).toThrow(FormatError);
  });
});

// names of sections: PE fills eight bytes up with NULs, Mach-O sixteen, and one that fills them all has no end
test.each([
  ['.dep-v0\0', 8, '.dep-v0'], ['__go_buildinfo\0\0', 16, '__go_buildinfo'], ['.longest', 8, '.longest'], ['a\0b\0\0\0\0\0', 8, 'a'], ['\0\0\0\0\0\0\0\0', 8, ''],
])('a name that is kept as %j', (kept, length, name) => {
  expect(new Numbers(Buffer.from(kept, 'latin1'), false).text(0, length)).toBe(name);
});

test('a name is cut off where its bytes are', () => {
  expect(() => new Numbers(Buffer.from('.dep'), false).text(0, 8)).toThrow(FormatError);
});
