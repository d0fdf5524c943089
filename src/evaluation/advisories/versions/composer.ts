import { compareNumbers, isDigits } from './order.js';
import type { VersionScheme } from './scheme.js';

/** PHP's version_compare() after Composer took the `v` away: https://www.php.net/version_compare */
type ComposerVersion = readonly string[];

/** `any other text < dev < alpha < beta < RC < a number < pl`; the first letters decide. */
const WORDS: readonly (readonly [string, number])[] = [['dev', 0], ['a', 1], ['b', 2], ['RC', 3], ['rc', 3], ['#', 4], ['p', 5]];
/** What stands for "a number", and for the end where the other goes on with a word. */
const NUMBER = '#';

function parse(text: string): ComposerVersion {
  return text
    .replace(/^[vV]/, '')
    .replace(/[-_+]/g, '.')
    .replace(/([^\d.])(?=\d)/g, '$1.')
    .replace(/(\d)(?=[^\d.])/g, '$1.')
    .split('.');
}

function weight(word: string): number {
  return WORDS.find(([start]) => word.startsWith(start))?.[1] ?? 0;
}

function comparePart(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareNumbers(a, b);
  return weight(isDigits(a) ? NUMBER : a) - weight(isDigits(b) ? NUMBER : b);
}

function compare(a: ComposerVersion, b: ComposerVersion): number {
  const common = Math.min(a.length, b.length);
  for (let index = 0; index < common; index++) {
    const order = comparePart(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  const [left, right] = [a[common], b[common]];
  if (left === undefined && right === undefined) return 0;
  if (left === undefined) return isDigits(right ?? '') ? -1 : compare([NUMBER], b.slice(common));
  return isDigits(left) ? 1 : compare(a.slice(common), [NUMBER]);
}

export const composer: VersionScheme<ComposerVersion> = {
  name: 'Composer',
  parse,
  compare,
  reads: (text) => /^(?:[vV]?\d|dev-)[\w.+#/-]*$/.test(text),
};
