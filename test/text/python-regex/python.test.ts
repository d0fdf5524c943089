import { describe, expect, test } from '@jest/globals';
import { RE2JS } from 're2js';
import { readPythonRegex } from '../../../src/text/python-regex/read.js';
import { backtracks } from '../../../src/text/python-regex/tokens.js';
import { writeRegex } from '../../../src/text/python-regex/write.js';

/** Pattern, text, and what `re.match` of Python 3.11.7 says: written by it, not by hand. */
const PYTHON: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ['(?i)abc', 'ABC', true],
  ['(?P<n>a)b', 'ab', true],
  ['\\Aabc\\Z', 'abc', true],
  ['\\w+', '\u00e9', true],
  ['\\w+\\Z', '\u65e5\u672c', true],
  ['\\d+\\Z', '\u0663', true],
  ['\\s', ' ', true],
  ['\\s', '\u2003', true],
  ['\\bfoo', 'foo', true],
  ['[^\\W\\d_]+\\Z', '\u00e9a', true],
  ['(?i:abc)d', 'ABCd', true],
  ['(?i:abc)d', 'ABCD', false],
  ['(?s:.)b', '\nb', true],
  ['(?-i:a)', 'a', true],
  ['(?im)a$', 'A\n', true],
  ['a{,3}\\Z', 'aa', true],
  ['a{0}b', 'b', true],
  ['(?P<q>["\\\']).*(?P=q)', '"x"', true],
  ['\\u00e9', '\u00e9', true],
  ['\\U0001F600', '\ud83d\ude00', true],
  ['.\\Z', '\ud83d\ude00', true],
  ['[\ud83d\ude00-\ud83d\ude02]', '\ud83d\ude01', true],
  ['[\u00e9-\u00ed]', '\u00ea', true],
  ['\\0', '\u0000', true],
  ['\\012', '\n', true],
  ['\\x41', 'A', true],
  ['[\\x41-\\x43]', 'B', true],
  ['[\\d\\-x]+\\Z', '1-x', true],
  ['[a\\]b]+\\Z', 'a]b', true],
  ['[a-]', '-', true],
  ['[-a]', '-', true],
  ['[\\w.-]+\\Z', 'a.-', true],
  ['[]-a]', '^', true],
  ['a\\ b', 'a b', true],
  ['\\#', '#', true],
  ['\\/x', '/x', true],
  ['\\-', '-', true],
  ['\\_', '_', true],
  ['\\"', '"', true],
  ['\\@', '@', true],
  ['\\%', '%', true],
  ['\\<', '<', true],
  ['\\\'', '\'', true],
  ['\\!', '!', true],
  ['\\:', '::', true],
  ['a||b', 'zzz', true],
  ['()', 'x', true],
  ['(|a)b', 'ab', true],
  ['^^a', 'a', true],
  ['a$$', 'a', true],
  ['(?m)^a', 'a', true],
  ['(?m).*\\n^b', 'a\nb', true],
  ['a\\Z|b', 'b', true],
  ['(?<=^)a', 'a', true],
  ['(?<![a-z])foo', 'foo', true],
  ['.*(?<!x)foo', 'xfoo', false],
  ['(?x) a b # c', 'ab', true],
  ['(?a)\\w', '\u00e9', false],
  ['(?u)a', 'a', true],
  ['$a', 'a', false],
  ['\\Ba', 'a', false],
  ['a|', 'zz', true],
  ['{', '{', true],
  ['a{', 'a{', true],
  ['a{1', 'a{1', true],
  ['a{,}', 'aaa', true],
  ['a*?', 'a', true],
  ['a\\\\Z', 'a', false],
  ['(?P<n>a)(?P=n)\\Z', 'aa', true],
  ['((a)b)\\2\\Z', 'aba', true],
  ['(?i)(a)\\1\\Z', 'aA', true],
  ['\u017f', 's', false],
  ['(?i)\u017f', 's', true],
  ['(?i)stra\u00dfe', 'STRASSE', false],
  ['(?i)\u00df', '\u1e9e', true],
  ['[\\b]', '\b', true],
  ['\\v', '\u000b', true],
  ['\\a', '\u0007', true],
  ['.', '\u0085', true],
  ['.', '\u2028', true],
  ['.', '\r', true],
  ['a$', 'a\r\n', false],
  ['(?s).*\\Z', 'a\n\n', true],
  ['\u00e9', '\u00e9', true],
  ['\\t', '\t', true],
  ['[^a]', '\n', true],
  ['\\S', '\u001c', false],
  ['\\s', '\u001c', true],
  ['\\s', '\u0085', true],
  ['\\s', '\ufeff', false],
  ['\\d', '\u00b2', false],
  ['\\w', '\u00b2', true],
  ['\\w', '\u203f', false],
  ['\\w', '\u0301', false],
  ['(.*)*x', 'aaaa', false],
  ['(?=(a+))\\1b', 'aab', true],
  ['(?P<n>a)(?P=n)', 'ab', false],
  ['(a|b)\\1', 'bb', true],
  ['a{,2}b', 'aaab', false],
  ['(?#nothing)a', 'a', true],
  ['.*\\.pem', '/etc/ssl/a.pem.bak', true],
  ['.*\\.pem$', '/etc/ssl/a.pem.bak', false],
  ['a(?=b)', 'ab', true],
  ['a(?!b)', 'ab', false],
  ['abc$', 'abc\n', true],
  ['abc\\Z', 'abc\n', false],
  ['(?s)a.b', 'a\nb', true],
  ['(?=x).', '\r', false],
  ['(?!x).', '\r', true],
  ['(?!x).', '\n', false],
  ['(?!x)\\w+\\Z', '\u65e5\u00e9', true],
  ['(?!x)[^\\W\\d_]+\\Z', '\u00e9a', true],
  ['(?!x)\\b\u00e9', '\u00e9', true],
  ['(?!x).*\\b\u00e9', 'a\u00e9', false],
  ['(?!x)[\ud83d\ude00-\ud83d\ude02]\\Z', '\ud83d\ude01', true],
  ['(?!x).\\Z', '\ud83d\ude00', true],
  ['(?m)(?!x).*\\n^b', 'a\nb', true],
  ['(?m)(?!x)a$', 'a\rb', false],
  ['(?!x)a$', 'a\n', true],
  ['(?!x)\\S', '\u001c', false],
  ['(?!x)\\D\\d\\Z', 'x\u0663', false],
  ['(?!x)[\\w\\s]+\\Z', 'a b', true],
  ['(?!x)[\\S]+\\Z', 'ab', true],
  ['(?!x)[\\W]\\Z', '\u203f', true],
  ['[\\W_]\\Z', '\u203f', true],
  ['[\\W_]\\Z', '_', true],
  ['[\\W_]\\Z', '\u00e9', false],
  ['[^\\s\\w]\\Z', '-', true],
  ['[\\D]\\Z', '5', false],
  ['[^\\D]\\Z', '5', true],
  ['[\\S ]\\Z', ' ', true],
  ['[^\\S]\\Z', ' ', true],
  ['(?i)[A-Z]+\\Z', 'abc', true],
  ['(?a)\\w+\\Z', '\u00e9', false],
  ['(?!x)a\\#b\\-c', 'a#b-c', true],
  ['(?!x)[\\-\\#\\]]+\\Z', '-#]', true],
  ['(?:a|(?:b|c))d', 'cd', true],
  ['(?x)a\\ b#c', 'a b', true],
  ['(?x)[a #]+\\Z', 'a #', true],
  ['a{2,3}?\\Z', 'aaa', true],
];

const without = PYTHON.filter(([pattern]) => !backtracks(readPythonRegex(pattern)));

test.each(without)("the linear engine's form of %j on %j: %s, as in Python", (pattern, text, expected) => {
  const read = readPythonRegex(pattern);
  expect(RE2JS.compile(`${read.flags === '' ? '' : `(?${read.flags})`}\\A(?:${writeRegex(read, 're2')})`).test(text)).toBe(expected);
});

test.each(PYTHON.filter(([pattern]) => !/\(\?[a-z]*-?[a-z]+:/.test(pattern)))("JavaScript's form of %j on %j: %s, as in Python", (pattern, text, expected) => {
  const read = readPythonRegex(pattern);
  expect(new RegExp(writeRegex(read, 'javascript'), `uy${read.flags.replace('m', '')}`).test(text)).toBe(expected);
});

describe('what Python refuses is refused', () => {
  test.each([
    ['(?<name>a)'], // unknown extension ?<n at position 1
    ['\\g<1>'], // bad escape \g at position 0
    ['a(?i)b'], // global flags not at the start of the expression at position 1
    ['{1}'], // nothing to repeat at position 0
    ['x{2,1}'], // min repeat greater than max repeat at position 2
    ['*a'], // nothing to repeat at position 0
    ['+a'], // nothing to repeat at position 0
    ['(*a)'], // nothing to repeat at position 1
    ['a**'], // multiple repeat at position 2
    ['a{2}{3}'], // multiple repeat at position 4
    ['[z-a]'], // bad character range z-a at position 1
    ['[\\w-z]'], // bad character range \w-z at position 1
    ['[a-\\d]'], // bad character range a-\d at position 1
    ['(?P<1a>x)'], // bad character in group name '1a' at position 4
    ['(?P<a>x)(?P<a>y)'], // redefinition of group name 'a' as group 2; was group 1 at position 12
    ['(?P=zz)'], // unknown group name 'zz' at position 4
    ['\\1'], // invalid group reference 1 at position 1
    ['(a)\\2'], // invalid group reference 2 at position 4
    ['(?#'], // missing ), unterminated comment at position 0
    ['[a'], // unterminated character set at position 0
    ['a\\'], // bad escape (end of pattern) at position 1
  ])('%j', (pattern) => {
    expect(() => readPythonRegex(pattern)).toThrow(Error);
  });
});

describe('what is not supported is told', () => {
  test.each([
    ['(?>a)', /of a kind that is not supported/],
    ['(a)?(?(1)b|c)', /of a kind that is not supported/],
    ['a(?i)b', /flags stand at the very beginning/],
    ['(?x:a)', /the flag x is supported at the very beginning alone/],
    ['\\N{BULLET}', /\\N is no escape that Python knows/],
    ['\\U00110000', /no character/],
    ['(a\\1)', /within itself/],
  ])('%j', (pattern, message) => {
    expect(() => readPythonRegex(pattern)).toThrow(message);
  });
});
