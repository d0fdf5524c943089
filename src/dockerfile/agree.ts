import type { HistoryRow } from '../image/config.js';
import type { HistoryInstruction } from './history.js';
import type { Instruction } from './instruction.js';
import type { Agreement } from './origin.js';
import { certainPairs, contiguous, longestCommon, type Candidates, type Pair } from './pairs.js';
import { BRINGS_FILES } from './recorded.js';

/** A history and a Dockerfile's instructions, laid beside each other. */
export interface Compared extends Candidates {
  readonly history: readonly HistoryRow[];
  /** The same, read. */
  readonly rows: readonly HistoryInstruction[];
  readonly instructions: readonly Instruction[];
}

export interface Found {
  readonly agreement: Agreement;
  readonly confidence: number;
  readonly pairs: readonly Pair[];
  /** Whether a row that is in no pair is the base's. */
  isBase(row: number): boolean;
  /** Whether the command line had the builder add a row: `--label`. */
  isAdded(row: number): boolean;
}

/** Where fewer of the instructions agree, the Dockerfile is taken for another image's: from one build to the next a line or two are changed. */
export const LINES_FROM = 0.75;
/** So many instructions, one of them with files, have to be found before a Dockerfile that does not agree as a whole is believed. */
const LEAST_PAIRS = 3;
/** So many in a row, three of them with files, are no accident, however the image goes on. */
const LONG_BLOCK = 5;

/** How far history bears a Dockerfile out. */
export function agree(compared: Compared): Found {
  return whole(compared) ?? within(compared) ?? inPart(compared);
}

/** History ends in the Dockerfile's instructions; `--label` adds a row after them. With FROM alone anything agrees. */
function whole(compared: Compared): Found | undefined {
  const { instructions, isScratch, rows, free } = compared;
  if (instructions.length === 0 && !isScratch) return { agreement: 'whole', confidence: 1, pairs: [], isBase: () => true, isAdded: () => false };
  for (let end = rows.length; end > 0; end--) {
    const pairs = contiguous(compared, end);
    if (pairs?.[0] !== undefined && canStart(compared, pairs)) return { agreement: 'whole', confidence: 1, pairs, isBase: above(compared, pairs), isAdded: (row) => row >= end && free[row] !== true };
    if (rows[end - 1]?.keyword !== 'LABEL' && free[end - 1] !== true) return undefined;
  }
  return undefined;
}

/** History holds the Dockerfile's instructions once, and goes on: an image FROM this one's, or one that somebody committed. */
function within(compared: Compared): Found | undefined {
  const { rows, free } = compared;
  const blocks = rows.flatMap((_, last) => {
    const pairs = free[last] === true ? undefined : contiguous(compared, last + 1);
    return pairs?.[0] === undefined ? [] : [pairs];
  });
  const [pairs] = blocks;
  if (pairs === undefined || blocks.length > 1 || !canStart(compared, pairs)) return undefined;
  const last = pairs.at(-1);
  // one of them may have stood further down, where its text is again
  if (last === undefined || compared.likeness.slice(last.row + 1).some((row) => row.some((one) => one !== 'other'))) return undefined;
  const after = strangers(compared, last.row + 1, rows.length);
  const confidence = Math.min(0.99, pairs.length / (pairs.length + after));
  const isLong = pairs.length >= LONG_BLOCK && withFiles(compared, pairs) >= 3;
  if (!isLong && (confidence < LINES_FROM || !isEnough(compared, pairs))) return undefined;
  return { agreement: 'within', confidence, pairs, isBase: above(compared, pairs), isAdded: () => false };
}

/** The Dockerfile is newer or older than the image: what is certain of it. */
function inPart(compared: Compared): Found {
  const pairs = certainPairs(compared);
  const [first] = pairs;
  const confidence = first === undefined ? 0 : shareInOrder(compared, first);
  const agreement = confidence >= LINES_FROM && isEnough(compared, pairs) ? 'part' : 'none';
  return { agreement, confidence, pairs, isBase: aboveAtLeast(compared, pairs), isAdded: () => false };
}

/** FROM scratch nothing may stand before the first instruction's row. */
function canStart(compared: Compared, pairs: readonly Pair[]): boolean {
  return !compared.isScratch || strangers(compared, 0, pairs[0]?.row ?? 0) === 0;
}

function above({ isScratch }: Compared, pairs: readonly Pair[]): (row: number) => boolean {
  const first = pairs[0]?.row ?? 0;
  return (row) => !isScratch && row < first;
}

/**
 * Where an instruction with files is missing before the first that was found, the rows before that one need not be the base's; where
 * another is, an empty row may be its former self, and from a row of its text on nothing is known. Nor is a row the base's that could be
 * one of the Dockerfile's.
 */
function aboveAtLeast(compared: Compared, pairs: readonly Pair[]): (row: number) => boolean {
  const { instructions, likeness, history } = compared;
  const missing = instructions.slice(0, Math.min(...pairs.map(({ instruction }) => instruction)));
  if (missing.some(({ keyword }) => BRINGS_FILES.has(keyword))) return () => false;
  const isAbove = above(compared, pairs);
  const isSame = (row: number): boolean => likeness[row]?.includes('same') === true;
  const unknown = likeness.findIndex((row) => row.slice(0, missing.length).includes('same'));
  return (row) => isAbove(row) && !isSame(row) && (unknown === -1 || row < unknown) && (missing.length === 0 || history[row]?.emptyLayer === false);
}

/** The longest sequence of instructions that history holds in their order, as a share of all instructions or of all rows since the first, whichever are more. */
function shareInOrder(compared: Compared, first: Pair): number {
  const { rows, instructions, isScratch } = compared;
  const start = isScratch ? 0 : Math.max(0, first.row - first.instruction);
  const own = strangers(compared, isScratch ? 0 : first.row, rows.length) + (isScratch ? 0 : first.instruction);
  return longestCommon(compared, start) / Math.max(instructions.length, own);
}

/** Rows that some builder's instruction left: none of squashing, of a container's commit, or of a tool. */
function strangers({ rows, free }: Compared, from: number, to: number): number {
  return rows.filter(({ keyword }, row) => row >= from && row < to && keyword !== '' && free[row] !== true).length;
}

/** How many of the pairs agree word by word and put files into the image. */
function withFiles({ likeness, instructions }: Compared, pairs: readonly Pair[]): number {
  return pairs.filter(({ row, instruction }) => likeness[row]?.[instruction] === 'same' && /^(?:RUN|COPY|ADD)$/.test(instructions[instruction]?.keyword ?? '')).length;
}

function isEnough(compared: Compared, pairs: readonly Pair[]): boolean {
  return pairs.length >= LEAST_PAIRS && withFiles(compared, pairs) >= 1;
}
