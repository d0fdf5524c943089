import { describe, expect, test } from '@jest/globals';
import { FormatError, readYaml, yamlDepth } from '../../../src/analyzers/packageFile/read.js';

describe('YAML from an image', () => {
  test.each([
    ['maps and lists', 'a:\n  - b: 1\n    c: [2, {d: 3}]\n', { a: [{ b: 1, c: [2, { d: 3 }] }] }],
    ['a key that is a map is left out', '{{a: 1}: 2, b: 3}', { b: 3 }],
    ['numbers as keys', '1: a\n', { 1: 'a' }],
    ['what aliases share', 'a: &x [1]\nb: *x\n', { a: [1], b: [1] }],
  ])('%s', (_, text, value) => {
    expect(readYaml(Buffer.from(text))).toEqual(value);
  });

  test.each([
    ['an error', 'a: "b'],
    ['braces in braces as keys', '{'.repeat(90)],
    ['thousands of braces, which would end the process', '{'.repeat(10_000)],
    ['thousands of lists on a line', '- '.repeat(10_000)],
    ['thousands of keys on a line', '? '.repeat(10_000)],
    ['a staircase', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['an alias within itself', `a: &a [*a]\nb: ${'*a '.repeat(3)}`],
  ])('%s is a FormatError', (_, text) => {
    expect(() => readYaml(Buffer.from(text))).toThrow(FormatError);
  });

  test.each([
    ['a:\n  b:\n    c: 1\n  d: 2\ne: 3\n', 3],
    ['- - - a', 4],
    ['[[]] [[[]]]', 4],
    ['', 1],
  ])('%j is at most %i deep', (text, depth) => {
    expect(yamlDepth(text)).toBe(depth);
  });
});
