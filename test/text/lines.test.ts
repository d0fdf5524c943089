import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from '../../src/text/lines.js';

test.each<[string, string[]]>([
  ['', []],
  ['a', ['a']],
  ['a\nb\n', ['a', 'b']],
  ['a\r\n\r\nb', ['a', '', 'b']],
  ['a\rb\r\nc', ['a', 'b', 'c']],
  ['\n\n', ['', '']],
])('%j', (text, lines) => {
  expect([...linesOf(text)]).toEqual(lines);
});

test('the same as splitting (property)', () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z]{0,3}$/), { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
    expect([...linesOf(lines.map((line) => line + end).join(''))]).toEqual(lines);
  }));
});
