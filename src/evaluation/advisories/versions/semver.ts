import { compareNumbers, compareText, isDigits, compareLists } from './order.js';
import type { VersionScheme } from './scheme.js';

/**
 * SemVer 2.0.0 as registries and advisories really write it: a leading `v`, fewer or more than three numbers, numbers of any length.
 * (The `semver` package refuses those; where it reads a version, the order is the same, which a property test holds.)
 */
export interface LooseSemver {
  readonly numbers: readonly string[];
  /** Without the dash. */
  readonly prerelease: string;
  /** Without the plus sign. */
  readonly build: string;
}

/** No version has more numbers. */
const MOST_NUMBERS = 16;

/** Most versions; read at once. */
const PLAIN = /^\d+\.\d+\.\d+$/;

/** @param count at least three: how many numbers are compared; those after it count as build data */
export function parseLoose(text: string, count: number): LooseSemver {
  if (PLAIN.test(text)) return { numbers: text.split('.'), prerelease: '', build: '' };
  const bare = text.replace(/^[vV=\s]+/, '');
  const numbers = /^(?:\d+(?:\.+|$|(?=[^\d.])))*/.exec(bare)?.[0] ?? '';
  const rest = bare.slice(numbers.length);
  const plus = rest.indexOf('+');
  return {
    numbers: numbers.split('.').filter((part) => part !== '').slice(0, count),
    prerelease: (plus < 0 ? rest : rest.slice(0, plus)).replace(/^-/, ''),
    build: plus < 0 ? '' : rest.slice(plus + 1),
  };
}

/** Section 11 of SemVer: none at all is greater; numbers before words; the longer wins. */
export function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareIdentifier(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIdentifier(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareNumbers(a, b);
  if (isDigits(a) || isDigits(b)) return isDigits(a) ? -1 : 1;
  return compareText(a, b);
}

export function compareLoose(a: LooseSemver, b: LooseSemver): number {
  return compareLists(a.numbers, b.numbers, compareNumbers, '0') || comparePrerelease(a.prerelease, b.prerelease);
}

export const semver: VersionScheme<LooseSemver> = {
  name: 'SemVer',
  // real advisories have a fourth number (`1.6.0.2`): it counts, or what it mends would seem mended by `1.6.0`
  parse: (text) => parseLoose(text, MOST_NUMBERS),
  compare: compareLoose,
  // `1.0.0-*` stands in real advisories for "any pre-release"; the star does sort before them
  reads: (text) => /^[vV=]?\d[0-9A-Za-z.+_-]*(?:-\*)?$/.test(text),
};
