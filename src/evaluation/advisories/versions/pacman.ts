import { compareNumbers, compareText, isDigits } from './order.js';
import type { VersionScheme } from './scheme.js';

/** `[epoch:]version[-release]` by vercmp(8) of pacman: letters after a number make it older, and a missing release equals any. */
interface PacmanVersion {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | null;
}

function parse(text: string): PacmanVersion {
  const [, epoch = '0', rest = text] = /^(?:(\d+):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return { epoch, version: dash < 0 ? rest : rest.slice(0, dash), release: dash < 0 ? null : rest.slice(dash + 1) };
}

/** A run of digits or of letters with the separators before it. */
interface Segment {
  readonly separators: number;
  readonly text: string;
}

function segments(text: string): readonly Segment[] {
  return [...text.matchAll(/([^0-9A-Za-z]*)(\d+|[A-Za-z]+)/g)].map(([, separators = '', run = '']) => ({ separators: separators.length, text: run }));
}

function compareRuns(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)];
  const common = Math.min(left.length, right.length);
  for (let index = 0; index < common; index++) {
    const order = compareSegments(left[index], right[index]);
    if (order !== 0) return order;
  }
  return afterCommon(left[common]) - afterCommon(right[common]);
}

function compareSegments(a: Segment | undefined, b: Segment | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.separators !== b.separators) return a.separators - b.separators;
  if (isDigits(a.text) !== isDigits(b.text)) return isDigits(a.text) ? 1 : -1;
  return isDigits(a.text) ? compareNumbers(a.text, b.text) : compareText(a.text, b.text);
}

/** `1.0a` is older than `1.0`, `1.0.1` and `1.0.a` are newer. */
function afterCommon(segment: Segment | undefined): number {
  if (segment === undefined) return 0;
  return !isDigits(segment.text) && segment.separators === 0 ? -1 : 1;
}

export const pacman: VersionScheme<PacmanVersion> = {
  name: 'pacman',
  parse,
  compare: (a, b) => compareNumbers(a.epoch, b.epoch)
    || compareRuns(a.version, b.version)
    || (a.release === null || b.release === null ? 0 : compareRuns(a.release, b.release)),
  reads: (text) => /^(?:\d+:)?[0-9A-Za-z][0-9A-Za-z._+~-]*$/.test(text),
};
