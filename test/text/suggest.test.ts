import { expect, test } from '@jest/globals';
import { didYouMean } from '../../src/text/suggest.js';

test.each([
  ['blaklist', ['required_package', 'blacklist'], ' (did you mean "blacklist"?)'],
  ['Files', ['files'], ' (did you mean "files"?)'],
  ['flies', ['files', 'always'], ' (did you mean "files"?)'],
  ['verfy', ['verify', 'very'], ' (did you mean "verify"?)'],
  ['x', ['files'], ''],
  ['anything', ['files', 'packages'], ''],
  ['a'.repeat(100), ['a'], ''],
  ['', ['a'], ' (did you mean "a"?)'],
  ['files', [], ''],
])('%j among %j: %j', (word, names, expected) => {
  expect(didYouMean(word, names)).toBe(expected);
});
