import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lines, paragraphs } from '../../../src/analyzers/os/deb822.js';

const WANTED = new Set(['a', 'b']);

test.each<[string, string, Record<string, string>[]]>([
  ['two paragraphs', 'A: 1\nB: 2\n\nA: 3\n', [{ a: '1', b: '2' }, { a: '3' }]],
  ['a long field', 'A: 1\n x\n\ty\nB: 2\n', [{ a: '1\nx\ny', b: '2' }]],
  ['a field that is not wanted ends the one before', 'A: 1\nC: x\n y\nB: 2', [{ a: '1', b: '2' }]],
  ['a field that comes twice keeps its first value', 'A: 1\nA: 2\n x\n', [{ a: '1' }]],
  ['many empty lines, and lines of blanks', '\n\n \nA: 1\n \n\n\nB: 2\n\n', [{ a: '1' }, { b: '2' }]],
  ['Windows\' line ends', 'A: 1\r\n x\r\n\r\nB: 2\r\n', [{ a: '1\nx' }, { b: '2' }]],
  ['comments, and lines that are nothing', '# A: 0\nnothing\n: x\nA: 1:2\n', [{ a: '1:2' }]],
  ['a continuation of nothing', ' x\nA: 1', [{ a: '1' }]],
  ['names of prototypes', '__proto__: x\nconstructor: y\nA: 1', [{ a: '1' }]],
  ['nothing', '', []],
])('%s', (_, text, expected) => {
  expect([...paragraphs(text, WANTED)].map((paragraph) => Object.fromEntries(paragraph))).toEqual(expected);
});

test('lines are what split gives', () => {
  fc.assert(fc.property(fc.array(fc.string()), (all) => {
    const text = all.map((line) => line.replace(/[\r\n]/g, '')).join('\n');
    const expected = text.split('\n');
    if (expected.at(-1) === '') expected.pop();
    expect([...lines(text)]).toEqual(expected);
  }));
});
