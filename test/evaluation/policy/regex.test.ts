import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BudgetError, compilePattern, RegexBudget } from '../../../src/evaluation/policy/regex.js';

function matches(pattern: string, text: string): boolean {
  return compilePattern(pattern).test([text], new RegexBudget())[0] as boolean;
}

describe("matches as Python's re.match", () => {
  test.each([
    // pattern, text, whether it matches
    ['abc', 'abcd', true],
    ['abc', 'xabc', false],
    ['.*abc', 'xabc', true],
    ['abc$', 'abc\n', true],
    ['abc\\Z', 'abc\n', false],
    ['abc\\Z', 'abc', true],
    ['\\Aabc', 'abc', true],
    ['(?i)ABC', 'abc', true],
    ['(?i)(?!x)ABC\\Z', 'abc', true],
    ['(?P<n>a)b', 'ab', true],
    ['(?P<n>a)(?P=n)', 'aa', true],
    ['(?P<n>a)(?P=n)', 'ab', false],
    ['(a|b)\\1', 'bb', true],
    ['a{,2}b', 'aab', true],
    ['a{,2}b', 'aaab', false],
    ['a{b', 'a{b', true],
    ['[]a]', ']', true],
    ['[^]a]', ']', false],
    ['[[]x', '[x', true],
    ['[\\[]x', '[x', true],
    ['a.b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['a|b', 'b', true],
    ['(?#nothing)a', 'a', true],
    ['\\d+\\.\\d', '12.5', true],
    ['.*\\.pem', '/etc/ssl/a.pem.bak', true],
    ['.*\\.pem$', '/etc/ssl/a.pem.bak', false],
    ['(?<!a)b', 'b', true],
    ['a(?=b)', 'ab', true],
    ['a(?!b)', 'ab', false],
    ['\\x41', 'A', true],
    ['', 'anything', true],
  ])('%j on %j', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  test.each([
    ['*\\.pem', /nothing to repeat at character 1/],
    ['*password*', /nothing to repeat/],
    ['a(b', /\( is not closed/],
    ['a)b', /closes nothing/],
    ['[ab', /\[ at character 1 is not closed/],
    ['a\\', /ends in a backslash/],
    ['\\y', /no escape that Python knows/],
    ['(?x)a', /\(\?x\)/],
    ['a**', /nothing to repeat/],
  ])('refuses %j', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
  });

  test('refuses what is longer than anybody writes', () => {
    expect(() => compilePattern('a'.repeat(10_001))).toThrow(/10000 is the limit/);
  });
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

  test('texts cannot reach the script', () => {
    expect(matches('(?!x)"\\]\\);', '"]); throw 1; //')).toBe(true);
    expect(matches('(?!x)\u2028', '\u2028')).toBe(true);
  });
});

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
    expect(compilePattern(pattern).required).toEqual(texts);
  });

  test('whatever matches has one of them', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', '(a|b)', '(ab)?', 'a*', '.', 'b+', '(a|bb)+', '[ab]', '(?:b|a|)', 'a{2}');
    fc.assert(fc.property(fc.array(piece, { maxLength: 6 }), fc.string({ unit: fc.constantFrom('a', 'b', 'B'), maxLength: 12 }), (pieces, text) => {
      const pattern = compilePattern(`(?i)${pieces.join('')}`);
      const found = pattern.test([text], new RegexBudget())[0];
      const lower = text.toLowerCase();
      return found === false || pattern.required === null || pattern.required.some((required) => lower.includes(required));
    }));
  });
});
