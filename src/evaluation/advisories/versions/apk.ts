import { compareLists, compareNumbers, compareText } from './order.js';
import type { VersionScheme } from './scheme.js';

interface ApkVersion extends Parts {
  /** Of a valid version: it is compared again and again. */
  readonly tokens: readonly Token[];
}

/** `1.2.3a_alpha1~hash-r4`, apk-package(5). */
interface Parts {
  readonly text: string;
  readonly numbers: readonly string[];
  readonly letter: string;
  readonly suffixes: readonly Suffix[];
  /** With its tilde; only of versions that are valid. */
  readonly hash: string;
  /** Digits; the empty text where there is none, null where the text went astray before it. */
  readonly revision: string | null;
  /** What follows the last thing that apk understands: it still gives such versions a place. */
  readonly rest: string;
  /** Whether `apk version --check` takes it. */
  readonly isValid: boolean;
}

interface Suffix {
  readonly weight: number;
  /** Digits; the empty text where there are none. */
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
const VALID = /^\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(?:~[0-9a-f]+)?(?:-r\d+)?$/;

/** Most versions; read at once. */
const PLAIN = /^(\d+(?:\.\d+)*)(?:-r(\d+))?$/;

function parse(text: string): ApkVersion {
  const parts = partsOf(text);
  return { ...parts, tokens: parts.isValid ? tokens(parts) : [] };
}

function partsOf(text: string): Parts {
  const plain = PLAIN.exec(text);
  if (plain !== null) return { text, numbers: (plain[1] ?? '').split('.'), letter: '', suffixes: NO_SUFFIXES, hash: '', revision: plain[2] ?? '', rest: '', isValid: true };
  const numbers = NUMBERS.exec(text)?.[0] ?? '';
  let rest = text.slice(numbers.length);
  const letter = LETTER.exec(rest)?.[0] ?? '';
  rest = rest.slice(letter.length);
  const suffixes: Suffix[] = [];
  for (let found = SUFFIX.exec(rest); found !== null; found = SUFFIX.exec(rest)) {
    suffixes.push({ weight: SUFFIXES.indexOf(found[1] ?? ''), number: found[2] ?? '' });
    rest = rest.slice(found[0].length);
  }
  const hash = HASH.exec(rest)?.[0] ?? '';
  rest = rest.slice(hash.length);
  const revision = REVISION.exec(rest);
  return {
    text,
    numbers: numbers.split('.').filter((part) => part !== ''),
    letter,
    suffixes,
    hash,
    revision: rest === '' ? '' : (revision?.[1] ?? null),
    rest: rest.slice(revision?.[0].length ?? 0),
    isValid: VALID.test(text),
  };
}

/** The parts of a version, in the only order in which they may stand: where two versions go on with different ones, the earlier kind is greater. */
const KINDS = ['number', 'letter', 'suffix', 'suffix number', 'hash', 'revision', 'end'] as const;

interface Token {
  readonly kind: (typeof KINDS)[number];
  readonly text: string;
  readonly weight: number;
}

const END: Token = { kind: 'end', text: '', weight: 0 };

function tokens({ numbers, letter, suffixes, hash, revision }: Parts): readonly Token[] {
  const all: Token[] = numbers.map((text) => ({ kind: 'number', text, weight: 0 }));
  if (letter !== '') all.push({ kind: 'letter', text: letter, weight: 0 });
  for (const { weight, number } of suffixes) {
    all.push({ kind: 'suffix', text: '', weight });
    if (number !== '') all.push({ kind: 'suffix number', text: number, weight: 0 });
  }
  if (hash !== '') all.push({ kind: 'hash', text: hash, weight: 0 });
  if (revision !== null && revision !== '') all.push({ kind: 'revision', text: revision, weight: 0 });
  return all;
}

/** As apk-tools 3 compares versions that are valid: src/version.c. */
function compareValid({ tokens: left }: ApkVersion, { tokens: right }: ApkVersion): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareTokens(left[index] ?? END, right[index] ?? END, index);
    if (order !== 0) return order;
  }
  return 0;
}

function compareTokens(a: Token, b: Token, index: number): number {
  if (a.kind !== b.kind) return isPrerelease(a) ? -1 : isPrerelease(b) ? 1 : KINDS.indexOf(b.kind) - KINDS.indexOf(a.kind);
  switch (a.kind) {
    case 'number': return compareNumberPart(a.text, b.text, index);
    case 'suffix': return a.weight - b.weight;
    case 'suffix number': case 'revision': return compareNumbers(a.text, b.text);
    default: return compareText(a.text, b.text);
  }
}

function isPrerelease({ kind, weight }: Token): boolean {
  return kind === 'suffix' && weight < NO_SUFFIX.weight;
}

/** The first number is one; a later one with a leading zero is a fraction, and so compared as text. */
function compareNumberPart(a: string, b: string, index: number): number {
  return index > 0 && (a.startsWith('0') || b.startsWith('0')) ? compareText(a, b) : compareNumbers(a, b);
}

/** As apk-tools 2 placed what is not valid: leniently, by what it understands. */
function compareAny(a: ApkVersion, b: ApkVersion): number {
  if (a.revision === null && b.revision === null) return compareText(a.text, b.text);
  return compareNumberParts(a.numbers, b.numbers)
    || compareText(a.letter, b.letter)
    || compareLists(a.suffixes, b.suffixes, (left, right) => left.weight - right.weight || compareNumbers(left.number, right.number), NO_SUFFIX)
    || (a.revision === null || b.revision === null ? 0 : compareNumbers(a.revision, b.revision))
    || Number(a.rest === '') - Number(b.rest === '');
}

function compareNumberParts(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    const order = left === undefined || right === undefined ? compareNumbers(left ?? '0', right ?? '0') : compareNumberPart(left, right, index);
    if (order !== 0) return order;
  }
  return 0;
}

export const apk: VersionScheme<ApkVersion> = {
  name: 'apk',
  parse,
  compare: (a, b) => (a.isValid && b.isValid ? compareValid(a, b) : compareAny(a, b)),
  reads: (text) => /^\d[0-9A-Za-z._~-]*$/.test(text),
};
