import { compareNumbers, compareText, isDigits } from './order.js';
import type { VersionScheme } from './scheme.js';

/** `[epoch:]version[-release]`, compared as rpmvercmp does: https://rpm.org/docs/latest/manual/dependencies.html */
interface RpmVersion {
  readonly epoch: string;
  readonly version: string;
  /** null where there is none, which sorts before an empty one. */
  readonly release: string | null;
}

function parse(text: string): RpmVersion {
  const colon = text.indexOf(':');
  const hasEpoch = colon > 0 && isDigits(text.slice(0, colon));
  const rest = hasEpoch ? text.slice(colon + 1) : text.startsWith(':') ? text.slice(1) : text;
  const dash = rest.indexOf('-');
  return {
    epoch: hasEpoch ? text.slice(0, colon) : '0',
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? null : rest.slice(dash + 1),
  };
}

/** Runs of digits, runs of letters, tildes and carets; everything else only separates. */
const PIECES = /\d+|[A-Za-z]+|[~^]/g;

/**
 * A tilde sorts before the end, a caret after it but before anything that goes on, letters before digits.
 * @returns negative, zero or positive
 */
export function comparePieces(a: readonly string[], b: readonly string[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = comparePiece(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePiece(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~') return -1;
  if (b === '~') return 1;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  if (a === '^') return -1;
  if (b === '^') return 1;
  if (isDigits(a) !== isDigits(b)) return isDigits(a) ? 1 : -1;
  return isDigits(a) ? compareNumbers(a, b) : compareText(a, b);
}

function compareVersionText(a: string, b: string): number {
  return comparePieces(a.match(PIECES) ?? [], b.match(PIECES) ?? []);
}

function compareReleases(a: string | null, b: string | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return compareVersionText(a, b);
}

export const rpm: VersionScheme<RpmVersion> = {
  name: 'rpm',
  parse,
  compare: (a, b) => compareNumbers(a.epoch, b.epoch) || compareVersionText(a.version, b.version) || compareReleases(a.release, b.release),
  reads: (text) => /^(?:\d+:)?[0-9A-Za-z][0-9A-Za-z._+~^-]*$/.test(text),
};
