import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPythonRegex } from '../../../src/text/python-regex/read.js';
import { requiredTexts } from '../../../src/text/python-regex/required.js';
import { writeRegex } from '../../../src/text/python-regex/write.js';

describe('required texts', () => {
  test.each([
    ['.*\\.pem', ['.pem']],
    ['(?i).*PASSWORD.*', ['password']],
    ['.*/(id_rsa|id_dsa)$', ['id_rsa', 'id_dsa']],
    ['.*/(a|.*)$', ['/']],
    ['ab?c', ['a']],
    ['ab+cd', ['ab']],
    ['(abc)?d', ['d']],
    ['(abc)+d', ['abc']],
    ['a{2}', ['a']],
    ['a{0}', null],
    ['foo|bar', ['foo', 'bar']],
    ['foo|.*', null],
    ['.*', null],
    ['(?=abcdef)x', ['x']],
    ['[a-z]+', null],
  ])('%j needs %j', (pattern, texts) => {
    expect(requiredTexts(readPythonRegex(pattern))).toEqual(texts);
  });

  test('whatever matches has one of them', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', '(a|b)', '(ab)?', 'a*', '.', 'b+', '(a|bb)+', '[ab]', '(?:b|a|)', 'a{2}');
    fc.assert(fc.property(fc.array(piece, { maxLength: 6 }), fc.string({ unit: fc.constantFrom('a', 'b', 'B'), maxLength: 12 }), (pieces, text) => {
      const read = readPythonRegex(`(?i)${pieces.join('')}`);
      const required = requiredTexts(read);
      const found = new RegExp(writeRegex(read, 'javascript'), 'iuy').test(text);
      return !found || required === null || required.some((one) => text.toLowerCase().includes(one));
    }));
  });
});
