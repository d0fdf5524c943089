import { compareNumbers, compareText, isDigits } from './order.js';
import type { VersionScheme } from './scheme.js';

/** Version order specification: https://maven.apache.org/pom.html#Version_Order_Specification */
type MavenVersion = readonly Token[];

interface Token {
  /** What stands before it; a change between digits and letters counts as a dash. The first token has none. */
  readonly prefix: '' | '.' | '-';
  readonly value: string;
}

/** In order; the empty one is the release. Unknown words come after all of them, in text order. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const SAME = new Map([['cr', 'rc'], ['ga', ''], ['final', ''], ['release', '']]);
/** Only where a digit follows at once. */
const SHORT = new Map([['a', 'alpha'], ['b', 'beta'], ['m', 'milestone']]);

function parse(text: string): MavenVersion {
  const tokens: Token[] = [];
  for (const [, separator = '', part = ''] of text.toLowerCase().matchAll(/(^|[.-])([^.-]*)/g)) {
    const pieces = part.match(/\d+|\D+/g) ?? ['0'];
    pieces.forEach((piece, index) => {
      const prefix = index > 0 ? '-' : (separator as Token['prefix']);
      tokens.push({ prefix, value: normal(piece, index < pieces.length - 1) });
    });
  }
  return trimmed(tokens);
}

function normal(piece: string, digitFollows: boolean): string {
  if (isDigits(piece)) return piece.replace(/^0+(?=\d)/, '');
  return (digitFollows ? SHORT.get(piece) : undefined) ?? SAME.get(piece) ?? piece;
}

/** Takes empty tokens (0 and the release) away from the end, and from before each dash. */
function trimmed(tokens: readonly Token[]): MavenVersion {
  const kept = [...tokens];
  let index = kept.length - 1;
  while (index > 0) {
    const value = kept[index]?.value;
    if (value === '0' || value === '') {
      kept.splice(index, 1);
      index--;
      continue;
    }
    while (index >= 0 && kept[index]?.prefix !== '-') index--;
    index--;
  }
  return kept;
}

function compare(a: MavenVersion, b: MavenVersion): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compareTokens(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareTokens(a: Token | undefined, b: Token | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -compareToNothing(b);
  if (b === undefined) return compareToNothing(a);
  if (a.prefix !== b.prefix) return rank(a) - rank(b);
  return compareValues(a.value, b.value);
}

/** The shorter one is filled up: after a dot with zeros, after a dash with the release. `sp` is the one word that is above a release. */
function compareToNothing(token: Token): number {
  if (isDigits(token.value)) return compareNumbers(token.value, '0') || (token.prefix === '-' ? 1 : 0);
  return compareQualifiers(token.value, '');
}

/** `.word < -word < -number < .number` */
function rank(token: Token): number {
  if (isDigits(token.value)) return token.prefix === '-' ? 2 : 3;
  return token.prefix === '-' ? 1 : 0;
}

function compareValues(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareNumbers(a, b);
  if (isDigits(a) || isDigits(b)) return isDigits(a) ? 1 : -1;
  return compareQualifiers(a, b);
}

function compareQualifiers(a: string, b: string): number {
  const [left, right] = [qualifierRank(a), qualifierRank(b)];
  return left === right && left === QUALIFIERS.length ? compareText(a, b) : left - right;
}

function qualifierRank(word: string): number {
  const index = QUALIFIERS.indexOf(word);
  return index < 0 ? QUALIFIERS.length : index;
}

export const maven: VersionScheme<MavenVersion> = {
  name: 'Maven',
  parse,
  compare,
  reads: (text) => /^[vV]?\d[^\s$]*$/.test(text) || /^r\d+$/.test(text),
};
