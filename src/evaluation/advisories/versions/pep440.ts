import * as library from '@renovatebot/pep440';
import { compareLists, compareNumbers, compareText } from './order.js';
import type { VersionScheme } from './scheme.js';

/** PEP 440 by @renovatebot/pep440; what that does not read is ordered as setuptools did before it, and before every PEP 440 version. */
interface PythonVersion {
  readonly text: string;
  readonly legacy: string | null;
  /** `1.0` of `v2!1.0rc1`: mostly that decides, and the library parses both texts for each comparison and loses digits past the sixteenth. */
  readonly epoch: string;
  readonly release: readonly string[];
  /** Whether nothing follows the release. */
  readonly isPlain: boolean;
}

const PLAIN = /^\d+(?:\.\d+)*$/;
const START = /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)/;

function parse(text: string): PythonVersion {
  if (PLAIN.test(text)) return { text, legacy: null, epoch: '0', release: text.split('.'), isPlain: true };
  const trimmed = text.trim().toLowerCase();
  if (library.valid(trimmed) === null) return { text: trimmed, legacy: legacyKey(trimmed), epoch: '0', release: [], isPlain: false };
  const found = START.exec(trimmed);
  return { text: trimmed, legacy: null, epoch: found?.[1] ?? '0', release: (found?.[2] ?? '').split('.'), isPlain: found?.[0] === trimmed };
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
  if (a.legacy === null && b.legacy === null) {
    return compareNumbers(a.epoch, b.epoch) || compareLists(a.release, b.release, compareNumbers, '0') || (a.isPlain && b.isPlain ? 0 : library.compare(a.text, b.text));
  }
  if (a.legacy === null || b.legacy === null) return a.legacy === null ? 1 : -1;
  return compareText(a.legacy, b.legacy);
}

export const pep440: VersionScheme<PythonVersion> = {
  name: 'PEP 440',
  parse,
  compare,
  reads: (text) => PLAIN.test(text) || library.valid(text.trim()) !== null || /^v?\d[\w.+!-]*$/.test(text),
};
