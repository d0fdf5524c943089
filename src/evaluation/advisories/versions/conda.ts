import { compareLists, compareNumbers, compareText, isDigits } from './order.js';
import type { VersionScheme } from './scheme.js';

/** conda's VersionOrder (conda/models/version.py's documentation): `[epoch!]version[+local]`, parts between dots, each split into numbers and words. */
interface CondaVersion {
  readonly epoch: string;
  readonly version: readonly (readonly string[])[];
  readonly local: readonly (readonly string[])[];
}

const MISSING: readonly string[] = ['0'];

function parse(text: string): CondaVersion {
  const lower = text.trim().toLowerCase();
  const [, epoch = '0', version = '', local = ''] = /^(?:(\d+)!)?([^+]*)(?:\+(.*))?$/s.exec(lower) ?? [];
  return { epoch, version: parts(version), local: local === '' ? [] : parts(local) };
}

/** A dash or underscore at the very end belongs to the last part: `1.0.1_` is before `1.0.1a`, as OpenSSL numbers its releases. */
function parts(text: string): readonly (readonly string[])[] {
  const end = /[_-]$/.test(text) ? '_' : '';
  return (end === '' ? text : text.slice(0, -1)).split(/[._-]/).map((part, index, all) => {
    const pieces = (index === all.length - 1 ? part + end : part).match(/\d+|[^\d]+/g) ?? ['0'];
    return isDigits(pieces[0] ?? '') ? pieces : ['0', ...pieces];
  });
}

/** `dev` before all words, words before numbers, `post` after everything. */
function rank(piece: string): number {
  if (piece === 'dev') return 0;
  if (piece === 'post') return 3;
  return isDigits(piece) ? 2 : 1;
}

function comparePiece(a: string, b: string): number {
  const order = rank(a) - rank(b);
  if (order !== 0) return order;
  return isDigits(a) ? compareNumbers(a, b) : compareText(a, b);
}

function compareParts(a: readonly (readonly string[])[], b: readonly (readonly string[])[]): number {
  return compareLists(a, b, (left, right) => compareLists(left, right, comparePiece, '0'), MISSING);
}

export const conda: VersionScheme<CondaVersion> = {
  name: 'conda',
  parse,
  compare: (a, b) => compareNumbers(a.epoch, b.epoch) || compareParts(a.version, b.version) || compareParts(a.local, b.local),
  reads: (text) => /^(?:\d+!)?[0-9A-Za-z][\w.+-]*$/.test(text) && /\d/.test(text),
};
