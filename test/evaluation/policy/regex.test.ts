import { describe, expect, test } from '@jest/globals';
import { BudgetError, compilePattern, RegexBudget } from '../../../src/evaluation/policy/regex.js';

function matches(pattern: string, text: string): boolean {
  return compilePattern(pattern).test([text], new RegexBudget())[0] as boolean;
}

test.each([
  ['abc', 'abcd', true],
  ['abc', 'xabc', false],
  ['(?!x)abc', 'abcd', true],
  ['(?!x)abc', 'xabc', false],
  ['(?i)(?!x)ABC', 'abc', true],
  ['', 'anything', true],
  // further than the linear engine counts
  ['a{1001}', 'a'.repeat(1001), true],
  ['a{1001}', 'a'.repeat(1000), false],
  ['(a{100}){11}$', 'a'.repeat(1100), true],
  ['[ab]{0,3000}c', `${'ab'.repeat(1500)}c`, true],
])('%j on %j', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test.each([
  ['*\\.pem', /nothing to repeat at character 1; for "anything", write \.\*/],
  ['a'.repeat(10_001), /10000 is the limit/],
  ['\\w{1000}'.repeat(1250), /its repeats, written out, make it 1250000 characters long, and 50000 is the limit/],
  ['(?=a)(?i:b)', /flags within a group/],
])('refuses %j', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});

describe('cannot hang', () => {
  test('a pattern without lookaround is linear', () => {
    expect(matches('(a+)+$', `${'a'.repeat(50_000)}!`)).toBe(false);
  });

  test('one with lookaround is stopped, and said to be undecided', () => {
    const budget = new RegexBudget();
    expect(() => compilePattern('(?!x)(a+)+$').test([`${'a'.repeat(60)}!`], budget)).toThrow(BudgetError);
    expect(budget.next).toBeLessThanOrEqual(1500);
  });

  test.each([
    ['one whose program is large, on a long text', '(?:a?){1000}a{1000}x?$', 'a'.repeat(2_000_000), /too long for a pattern as large as this one/],
    ['large repeats that backtrack', '(a{1,100}){1,400}$', `${'a'.repeat(5000)}!`, /backtracks for more than/],
  ])('%s is stopped', (_, pattern, text, message) => {
    expect(() => compilePattern(pattern).test([text], new RegexBudget())).toThrow(message);
    expect(() => compilePattern(pattern).test([text], new RegexBudget())).toThrow(BudgetError);
  });

  test('patterns without end have an end together', () => {
    const budget = new RegexBudget();
    budget.spendLinear(119_000);
    expect(() => budget.spendLinear(2000)).toThrow(/have taken 120 s already/);
  });

  test('texts cannot reach the script', () => {
    expect(matches('(?!x)"\\]\\);', '"]); throw 1; //')).toBe(true);
    expect(matches('(?!x)\u2028', '\u2028')).toBe(true);
  });
});
