import { compareNumbers, isDigits } from './order.js';
import type { VersionScheme } from './scheme.js';

/** PHP's version_compare() after Composer took away what it does not compare: https://www.php.net/version_compare */
type ComposerVersion = readonly string[];

/** `any other text < dev < alpha < beta < RC < a number < pl`; the first letters decide. */
const WORDS: readonly (readonly [string, number])[] = [['dev', 0], ['a', 1], ['b', 2], ['RC', 3], ['rc', 3], ['#', 4], ['p', 5]];
const UNKNOWN = -1;
/** What stands for "a number", and for the end where the other goes on with a word. */
const NUMBER = '#';

/** Most versions; read at once. */
const PLAIN = /^\d+(?:\.\d+)*$/;

/** What Composer puts for the star of a branch (`2.x-dev`): it is newer than every 2. */
const ANY = '.9999999-dev';

/**
 * As Composer, without the `v` and build data; then as PHP: whatever is neither letter nor digit separates, once however many there are,
 * and so does the change between digits and letters.
 */
function parse(text: string): ComposerVersion {
  if (PLAIN.test(text)) return text.split('.');
  return text
    .replace(/^[vV]/, '')
    .replace(/(?:\.x)+-dev$/i, ANY)
    .replace(/\+.*$/s, '')
    .replace(/[^0-9A-Za-z.#]/g, '.')
    .replace(/([^\d.])(?=\d)/g, '$1.')
    .replace(/(\d)(?=[^\d.])/g, '$1.')
    .replace(/\.{2,}/g, '.')
    .split('.');
}

function weight(word: string): number {
  return WORDS.find(([start]) => word.startsWith(start))?.[1] ?? UNKNOWN;
}

function comparePart(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareNumbers(a, b);
  return weight(isDigits(a) ? NUMBER : a) - weight(isDigits(b) ? NUMBER : b);
}

function compare(a: ComposerVersion, b: ComposerVersion): number {
  let common = 0;
  for (; common < a.length && common < b.length; common++) {
    const [left = '', right = ''] = [a[common], b[common]];
    // after a separator at the end there is nothing more to compare; with it a version is before the one without
    if (left === '' || right === '') break;
    const order = comparePart(left, right);
    if (order !== 0) return order;
  }
  const [left, right] = [a[common], b[common]];
  if (left === right) return 0;
  if (left === undefined) return right === '' ? 1 : isDigits(right ?? '') ? -1 : compare([NUMBER], b.slice(common));
  if (left === '' || right === '') return left === '' ? -1 : 1;
  return isDigits(left) ? 1 : compare(a.slice(common), [NUMBER]);
}

export const composer: VersionScheme<ComposerVersion> = {
  name: 'Composer',
  parse,
  compare,
  // a branch without a number (`dev-main`) has no place in the order: Composer itself compares it by equality only
  reads: (text) => /^[vV]?\d[\w.+#/-]*$/.test(text),
};
