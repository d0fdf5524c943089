import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../../src/errors.js';
import { contentSearch } from '../../../src/analyzers/contents/content-search.js';
import { compilePattern, searchLines } from '../../../src/analyzers/contents/line-search.js';
import { DEFAULT_RETRIEVE_FILES, retrieveFiles } from '../../../src/analyzers/contents/retrieve-files.js';
import { ORIGINAL_REGEXES } from '../../../src/analyzers/secrets/rules/original.js';
import { entry, image, located, view } from '../sample-image.js';

function lines(pattern: string, text: string | Buffer): readonly number[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return searchLines(bytes, { patterns: [{ pattern }], maxFileBytes: 1e9 }, () => undefined)[0]?.[1] ?? [];
}

describe('as Python’s re.match on the bytes of each line', () => {
  test.each([
    ['A=foo', 'foo\nbar foo\nfoobar', [0, 2]],
    ['A=.*foo', 'foo\nbar foo\nx', [0, 1]],
    ['A=(?i)FOO$', 'foo\nfoo \nFoo', [0, 2]],
    ['A=foo\\Z', 'foo\nfoo', [1]],
    ['A=^\\d+$', '12\n1a\n', [0]],
    ['A=(?P<x>a)b', 'ab\nb', [0]],
    ['A=.*é', 'café\ncafe', [0]],
    ['A=a=b', 'a=b', [0]],
    ['nameless.*', 'nameless', [0]],
    ['A=[)a]?bcd', 'bcd\nabcd', [0, 1]],
    ['A=foo|bar', 'bar', [0]],
    ['A=\\x00', Buffer.from([0, 10, 1]), [0]],
    ['A=$', '\n\nx', [0, 1]],
    // bytes: a letter is one of ASCII's, and a character of several bytes is several characters
    ['A=\\w+$', 'café\ncafe', [1]],
    ['A=.{2}$', 'é\ne', [0]],
    ['A=[\\w-]+\\s$', 'a-b\nc d\n', [0]],
  ])('%s in %j', (pattern, text, expected) => {
    expect(lines(pattern, text)).toEqual(expected);
  });

  test.each([
    ['aws_access_key_id = ABCDEFGHIJ1234567890', ORIGINAL_REGEXES.AWS_ACCESS_KEY, true],
    ['aws_access_key_id = ABCDEFGHIJ12345678901', ORIGINAL_REGEXES.AWS_ACCESS_KEY, false],
    ['aws_access_key_id = xABCDEFGHIJ1234567890', ORIGINAL_REGEXES.AWS_ACCESS_KEY, false],
    ['my api-key == abcdefghij0123456789 tail', ORIGINAL_REGEXES.API_KEY, true],
    ['-----BEGIN RSA PRIVATE KEY-----', ORIGINAL_REGEXES.PRIV_KEY, true],
    ['x -----BEGIN RSA PRIVATE KEY-----', ORIGINAL_REGEXES.PRIV_KEY, false],
    ['"auth": "x"', ORIGINAL_REGEXES.DOCKER_AUTH, true],
  ])('the seed’s own look-around: %s', (text, regex, expected) => {
    expect(lines(`N=${regex}`, `first\n${text}\n`)).toEqual(expected ? [1] : []);
  });

  test.each(['A=(a)\\1', 'A=a(?=b)', 'A=a(?!b)', 'A=(?<=a)b', 'A=a(?<![b])c', 'A=(', 'A=[', 'A=*'])('%s is refused', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(InputError);
  });
});

describe('texts of which every match holds one', () => {
  test.each([
    ['(?i).*api_key *=', ['api_key']], ['foo|bar', ['foo', 'bar']], ['(foo|bar)bazz', ['bazz']], ['abcd?ef', ['abc']], ['ab{0,2}cde', ['cde']], ['[abc]{3}', null], ['\\d\\dxyz', ['xyz']],
    ['[)abc]?', null], ['a.b.c', ['a']], ['abc*', ['ab']], ['[]abc]def', ['def']],
  ])('%s: %j', (regex, expected) => {
    expect(compilePattern(regex).required).toEqual(expected);
  });
});

test('look-around of a class beside anything at all is one', () => {
  expect(lines('A=.*(?<![A-Z0-9])[A-Z0-9]{4}(?![A-Z0-9]).*', 'x ABCD y\nABCD\nABCDE\n')).toEqual([0, 1]);
});

test('a pattern that hangs other engines ends, on a line of two megabytes, and the cut is told', () => {
  const told: string[] = [];
  const found = searchLines(Buffer.from(`${'a'.repeat(2 * 1024 * 1024)}b`), { patterns: [{ pattern: 'A=(a+)+$' }], maxFileBytes: 1e9 }, (message) => told.push(message));
  expect(found).toHaveLength(1);
  expect(told).toEqual(['It has a line of more than 1048576 bytes; patterns were tried on the beginning of it.']);
});

test('content-search wants nothing without patterns, and writes the seed’s section', () => {
  expect(contentSearch().wants(entry('a', { size: 1 }), Buffer.alloc(0))).toBe('nothing');
  const analyzer = contentSearch({ patterns: [{ pattern: 'EVAL=.*eval' }], maxFileBytes: 100 });
  expect(analyzer.wants(entry('a', { size: 1 }), Buffer.alloc(0))).toEqual({ limit: 100, beyond: 'skip' });
  const fact = analyzer.analyze?.(entry('a'), Buffer.from('x\n eval\n'), () => undefined) ?? [];
  expect(analyzer.report?.(view(image([]), [located('/a', fact)]))).toEqual({ content_search: { 'regexp_matches.all': { '/a': `{"${Buffer.from('EVAL=.*eval').toString('base64')}": [1]}` } } });
});

describe('retrieve-files', () => {
  test.each([
    [undefined, 'etc/passwd', { limit: 1_024_000, beyond: 'problem' }],
    [undefined, 'etc/shadow', 'nothing'],
    [['/etc/*.conf'], 'etc/a.conf', { limit: 1_024_000, beyond: 'problem' }],
    [['/etc/*.conf'], 'etc/a/b.conf', 'nothing'],
    [['/opt/**'], 'opt/a/.b', { limit: 1_024_000, beyond: 'problem' }],
    [['!/etc/x'], 'etc/y', 'nothing'],
  ])('%j wants of %s: %j', (files, path, expected) => {
    const analyzer = retrieveFiles({ ...DEFAULT_RETRIEVE_FILES, ...(files === undefined ? {} : { files }) });
    expect(analyzer.wants(entry(path), Buffer.alloc(0))).toEqual(expected);
  });

  test('the content is base64; an empty file’s is empty', () => {
    const analyzer = retrieveFiles();
    expect(analyzer.analyze?.(entry('etc/passwd'), Buffer.from('root:x'), () => undefined)).toBe('cm9vdDp4');
    expect(analyzer.report?.(view(image([]), [located('/etc/passwd', 'cm9vdDp4')]))).toEqual({ retrieve_files: { 'file_content.all': { '/etc/passwd': 'cm9vdDp4' } } });
  });
});
