import { expect, test } from '@jest/globals';
import { analyzerConfig } from '../src/analyzerChoice.js';
import { createAnalyzers } from '../src/analyzers/index.js';
import { InputError } from '../src/errors.js';

const ALL = createAnalyzers({}).map(({ name }) => name);
const chosen = (...analyzers: string[]): readonly string[] => analyzerConfig({ analyzers, analyzerConfig: '' }).names ?? ALL;

test.each([
  ['nothing said', [], ALL],
  ['a list', ['npm', 'dpkg'], ['dpkg', 'npm']],
  ['all but one', ['-secret-search'], ALL.filter((name) => name !== 'secret-search')],
  ['a list less one', ['npm', 'dpkg', '-npm'], ['dpkg']],
  ['the seed\'s names', ['file_list', 'file_checksums', 'analyzer_meta', 'SECRET_SEARCH'], ['checksums', 'distro', 'file-list', 'secret-search']],
])('%s', (_, given, expected) => {
  expect(chosen(...given)).toEqual(expected);
});

test('package_list stands for every analyzer that finds packages', () => {
  const packages = chosen('package_list');
  expect(packages).toEqual(expect.arrayContaining(['dpkg', 'apk', 'rpm', 'npm', 'python', 'java', 'executables']));
  expect(packages).not.toContain('file-list');
});

test('a name that there is not is told, with those that there are', () => {
  expect(() => chosen('dpgk')).toThrow(InputError);
  expect(() => chosen('-dpgk')).toThrow(/"dpgk".*dpkg/);
});
