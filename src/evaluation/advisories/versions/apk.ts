import { compareLists, compareNumbers, compareText } from './order.js';
import type { VersionScheme } from './scheme.js';

/**
 * `1.2.3a_alpha1~hash-r4`, as apk-tools 2 reads it (apk-package(5)): what follows the last thing it understands is kept as `rest`,
 * since apk still gives such versions a place.
 */
interface ApkVersion {
  readonly text: string;
  readonly numbers: readonly string[];
  readonly letter: string;
  readonly suffixes: readonly Suffix[];
  /** null where the text went astray before it. */
  readonly revision: string | null;
  readonly rest: string;
}

interface Suffix {
  readonly weight: number;
  readonly number: string;
}

/** In order; no suffix at all stands between `rc` and `cvs`. */
const SUFFIXES = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const NO_SUFFIX: Suffix = { weight: SUFFIXES.indexOf(''), number: '0' };

const NO_SUFFIXES: readonly Suffix[] = [];

const NUMBERS = /^(?:\d+\.?)*/;
const LETTER = /^[a-z]?/;
const SUFFIX = /^_(alpha|beta|pre|rc|cvs|svn|git|hg|p)(\d*)/;
const HASH = /^~[0-9a-f]+/;
const REVISION = /^-r(\d*)/;

/** Most versions; read at once. */
const PLAIN = /^(\d+(?:\.\d+)*)(?:-r(\d+))?$/;

function parse(text: string): ApkVersion {
  const plain = PLAIN.exec(text);
  if (plain !== null) return { text, numbers: (plain[1] ?? '').split('.'), letter: '', suffixes: NO_SUFFIXES, revision: plain[2] ?? '0', rest: '' };
  const numbers = NUMBERS.exec(text)?.[0] ?? '';
  let rest = text.slice(numbers.length);
  const letter = LETTER.exec(rest)?.[0] ?? '';
  rest = rest.slice(letter.length);
  const suffixes: Suffix[] = [];
  for (let found = SUFFIX.exec(rest); found !== null; found = SUFFIX.exec(rest)) {
    suffixes.push({ weight: SUFFIXES.indexOf(found[1] ?? ''), number: found[2] ?? '' });
    rest = rest.slice(found[0].length);
  }
  rest = rest.replace(HASH, '');
  const revision = REVISION.exec(rest);
  return {
    text,
    numbers: numbers.split('.').filter((part) => part !== ''),
    letter,
    suffixes,
    revision: rest === '' ? '0' : (revision?.[1] ?? null),
    rest: rest.slice(revision?.[0].length ?? 0),
  };
}

/** The first number is one; a later one with a leading zero is a fraction, and so compared as text. */
function compareNumberParts(a: readonly string[], b: readonly string[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a[index];
    const right = b[index];
    const fraction = index > 0 && left !== undefined && right !== undefined && (left.startsWith('0') || right.startsWith('0'));
    const order = fraction ? compareText(left, right) : compareNumbers(left ?? '0', right ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function compare(a: ApkVersion, b: ApkVersion): number {
  if (a.revision === null && b.revision === null) return compareText(a.text, b.text);
  return compareNumberParts(a.numbers, b.numbers)
    || compareText(a.letter, b.letter)
    || compareLists(a.suffixes, b.suffixes, (left, right) => left.weight - right.weight || compareNumbers(left.number, right.number), NO_SUFFIX)
    || (a.revision === null || b.revision === null ? 0 : compareNumbers(a.revision, b.revision))
    || Number(a.rest === '') - Number(b.rest === '');
}

export const apk: VersionScheme<ApkVersion> = {
  name: 'apk',
  parse,
  compare,
  reads: (text) => /^\d[0-9A-Za-z._~-]*$/.test(text),
};
