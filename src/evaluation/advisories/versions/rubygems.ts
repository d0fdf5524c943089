import { compareLists, compareNumbers, compareText, isDigits } from './order.js';
import type { VersionScheme } from './scheme.js';

/** Gem::Version: numbers and words, a word sorts before any number; zeros at the end of the numbers, and of the words' part, do not count. */
type GemVersion = readonly string[];

function parse(text: string): GemVersion {
  const parts = text.trim().replace(/-/g, '.pre.').match(/\d+|[A-Za-z]+/g) ?? [];
  const word = parts.findIndex((part) => !isDigits(part));
  const split = word < 0 ? parts.length : word;
  return [...withoutZeros(parts.slice(0, split)), ...withoutZeros(parts.slice(split))];
}

function withoutZeros(parts: readonly string[]): readonly string[] {
  let end = parts.length;
  while (end > 0 && /^0+$/.test(parts[end - 1] ?? '')) end--;
  return parts.slice(0, end);
}

function comparePart(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareNumbers(a, b);
  if (isDigits(a) || isDigits(b)) return isDigits(a) ? 1 : -1;
  return compareText(a, b);
}

export const rubygems: VersionScheme<GemVersion> = {
  name: 'RubyGems',
  parse,
  compare: (a, b) => compareLists(a, b, comparePart, '0'),
  reads: (text) => /^\d[0-9A-Za-z._-]*$/.test(text.trim()),
};
