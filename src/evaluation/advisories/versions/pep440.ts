import * as library from '@renovatebot/pep440';
import { compareLists, compareText } from './order.js';
import type { VersionScheme } from './scheme.js';

/** PEP 440 by @renovatebot/pep440; what that does not read is ordered as setuptools did before it, and before every PEP 440 version. */
interface PythonVersion {
  readonly text: string;
  readonly legacy: string | null;
  /** The numbers of a version that has nothing else, without zeros at the end: most are so, and the library parses both texts for each comparison. */
  readonly release: readonly number[] | null;
}

function parse(text: string): PythonVersion {
  const trimmed = text.trim().toLowerCase();
  const isValid = library.valid(trimmed) !== null;
  return { text: trimmed, legacy: isValid ? null : legacyKey(trimmed), release: isValid && /^[\d.]+$/.test(trimmed) ? numbersIn(trimmed) : null };
}

function numbersIn(text: string): readonly number[] {
  return text.replace(/(?:\.0+)+$/, '').split('.').map(Number);
}

const LEGACY_WORDS = new Map([['pre', 'c'], ['preview', 'c'], ['rc', 'c'], ['-', 'final-'], ['dev', '@']]);
/** Digits are padded so that text order is number order: as wide as setuptools had them. */
const LEGACY_WIDTH = 8;

/** The sort key of `pkg_resources.parse_version` before PEP 440, joined to one text. */
function legacyKey(text: string): string {
  const key: string[] = [];
  for (const piece of [...(text.match(/\d+|[a-z]+|-/g) ?? []), 'final']) {
    const word = LEGACY_WORDS.get(piece) ?? piece;
    if (/^\d/.test(word)) {
      key.push(word.padStart(LEGACY_WIDTH, '0'));
      continue;
    }
    if (word < 'final') while (key.at(-1) === '*final-') key.pop();
    while (key.at(-1) === '0'.repeat(LEGACY_WIDTH)) key.pop();
    key.push(`*${word}`);
  }
  return key.join('');
}

function compare(a: PythonVersion, b: PythonVersion): number {
  if (a.release !== null && b.release !== null) return compareLists(a.release, b.release, (left, right) => left - right, 0);
  if (a.legacy === null && b.legacy === null) return library.compare(a.text, b.text);
  if (a.legacy === null || b.legacy === null) return a.legacy === null ? 1 : -1;
  return compareText(a.legacy, b.legacy);
}

export const pep440: VersionScheme<PythonVersion> = {
  name: 'PEP 440',
  parse,
  compare,
  reads: (text) => library.valid(text.trim()) !== null || /^v?\d[\w.+!-]*$/.test(text),
};
