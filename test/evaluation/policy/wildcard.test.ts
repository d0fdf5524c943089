import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PathFilter } from '../../../src/evaluation/policy/pathFilter.js';
import { compilePattern, RegexBudget } from '../../../src/evaluation/policy/regex.js';
import { InputError } from '../../../src/errors.js';
import { wildcard } from '../../../src/evaluation/policy/wildcard.js';

test('a wildcard matches what the regular expression for it does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
  fc.assert(fc.property(text, text, (pattern, subject) => {
    const expression = new RegExp(`^${pattern.split('*').map((part) => part.replaceAll('.', '\\.')).join('[^]*')}$`);
    return wildcard(pattern).matches(subject) === expression.test(subject);
  }));
});

test('many stars end in time', () => {
  expect(wildcard('*a'.repeat(2_000)).matches('a'.repeat(1_999))).toBe(false);
  expect(wildcard('*a'.repeat(2_000)).matches('a'.repeat(2_000))).toBe(true);
});

test('the index of paths finds what looking at every path finds', () => {
  const path = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'K', '\u212a', '_'), maxLength: 12 });
  fc.assert(fc.property(fc.array(path, { maxLength: 20 }), fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/', 'k', '_'), minLength: 3, maxLength: 5 }), { minLength: 1, maxLength: 6 }), (paths, texts) => {
    const filter = new PathFilter(paths);
    const budget = new RegexBudget();
    return texts.every((text) => {
      const pattern = compilePattern(`(?i).*${text}`);
      const answers = pattern.test(paths, budget);
      return JSON.stringify(filter.matching(pattern, budget)) === JSON.stringify(paths.filter((_, index) => answers[index]));
    });
  }));
});

test('an expression that backtracks is bounded, and never taken for no match', () => {
  const pattern = wildcard('regexp:(?!x)(a+)+$');
  expect(pattern.matches('a')).toBe(true);
  expect(pattern.matches('b')).toBe(false);
  expect(() => pattern.matches(`${'a'.repeat(60)}!`)).toThrow(InputError);
  expect(() => pattern.matches(`${'a'.repeat(60)}!`)).toThrow(/^The expression "regexp:\(\?!x\)\(a\+\)\+\$" takes too long/);
});
