import { expect, test } from '@jest/globals';
import { readPythonRegex } from '../../../src/text/python-regex/read.js';
import { writtenOut } from '../../../src/text/python-regex/size.js';

test.each([
  ['', 0, 1],
  ['abc', 3, 1],
  ['a{5}', 5, 5],
  ['a{2,5}b', 6, 5],
  ['a*b+', 2, 1],
  ['a{3,}', 3, 3],
  ['(?:ab){50}', 150, 50],
  ['(?:a{10}b){10}', 120, 100],
  ['a{10}b{10}', 20, 10],
  ['((a{1000}){1000}){1000}', 1_001_001_000, 1_000_000_000],
])('%s has %d tokens, its repeats count to %d', (pattern, size, repeats) => {
  expect(writtenOut(readPythonRegex(pattern))).toEqual({ size, repeats });
});
