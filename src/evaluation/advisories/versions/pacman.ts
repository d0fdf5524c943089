import { compareNumbers, compareText, isDigits } from './order.js';
import type { VersionScheme } from './scheme.js';

/** `[epoch:]version[-release]` by vercmp(8) of pacman: letters after a number make it older, and a missing release equals any. */
interface PacmanVersion {
  readonly epoch: string;
  readonly version: Runs;
  readonly release: Runs | null;
}

/** Runs of digits or of letters, each with how many separators stand before it; and how many stand at the end. */
interface Runs {
  readonly segments: readonly Segment[];
  readonly trailing: number;
}

interface Segment {
  readonly separators: number;
  readonly text: string;
}

function parse(text: string): PacmanVersion {
  const [, epoch = '', rest = text] = /^(?:(\d*):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return { epoch, version: runs(dash < 0 ? rest : rest.slice(0, dash)), release: dash < 0 ? null : runs(rest.slice(dash + 1)) };
}

function runs(text: string): Runs {
  const segments = [...text.matchAll(/([^0-9A-Za-z]*)(\d+|[A-Za-z]+)/g)].map(([, separators = '', run = '']) => ({ separators: separators.length, text: run }));
  return { segments, trailing: /[^0-9A-Za-z]*$/.exec(text)?.[0].length ?? 0 };
}

function compareRuns(a: Runs, b: Runs): number {
  const common = Math.min(a.segments.length, b.segments.length);
  for (let index = 0; index < common; index++) {
    const order = compareSegments(a.segments[index], b.segments[index]);
    if (order !== 0) return order;
  }
  const [left, right] = [a.segments[common], b.segments[common]];
  if (left !== undefined) return beyond(left, b.trailing);
  if (right !== undefined) return -beyond(right, a.trailing);
  // separators at the end count where the other has none there
  return Math.sign(a.trailing) - Math.sign(b.trailing);
}

function compareSegments(a: Segment | undefined, b: Segment | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.separators !== b.separators) return a.separators - b.separators;
  if (isDigits(a.text) !== isDigits(b.text)) return isDigits(a.text) ? 1 : -1;
  return isDigits(a.text) ? compareNumbers(a.text, b.text) : compareText(a.text, b.text);
}

/**
 * Whether what goes on is newer than what has ended: `1.0a` is older than `1.0`, `1.0.1` and `1.0.a` are newer.
 * @param trailing separators at the end of the other: with them, those before a word do not save it
 */
function beyond(segment: Segment, trailing: number): number {
  return !isDigits(segment.text) && (segment.separators === 0 || trailing > 0) ? -1 : 1;
}

export const pacman: VersionScheme<PacmanVersion> = {
  name: 'pacman',
  parse,
  compare: (a, b) => compareNumbers(a.epoch, b.epoch)
    || compareRuns(a.version, b.version)
    || (a.release === null || b.release === null ? 0 : compareRuns(a.release, b.release)),
  reads: (text) => /^(?:\d+:)?[0-9A-Za-z][0-9A-Za-z._+~-]*$/.test(text),
};
