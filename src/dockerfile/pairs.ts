import type { Likeness } from './likeness.js';

/** Rows of history and instructions that may belong together, as tables of both. */
export interface Candidates {
  /** By row, by instruction. */
  readonly likeness: readonly (readonly Likeness[])[];
  /** Of each row: whether it belongs to no instruction by its nature (what squashing writes). */
  readonly free: readonly boolean[];
  readonly instructions: readonly unknown[];
  /** FROM scratch: no row is a base's. */
  readonly isScratch: boolean;
}

/** A row and the instruction that it came from. */
export interface Pair {
  readonly row: number;
  readonly instruction: number;
}

/** Every instruction from the last to the first beside the rows that end before `end`, none left out: or undefined. */
export function contiguous({ likeness, free, instructions }: Candidates, end: number): readonly Pair[] | undefined {
  const pairs: Pair[] = [];
  let row = end - 1;
  for (let instruction = instructions.length - 1; instruction >= 0; instruction--, row--) {
    while (row >= 0 && free[row] === true) row--;
    if (row < 0 || !alike(likeness, row, instruction)) return undefined;
    pairs.unshift({ row, instruction });
  }
  return pairs;
}

/**
 * Which instruction a row came from, where the Dockerfile is not the one of the build: told only where the text allows nothing else.
 * A row and an instruction of the same text that are each the only one of their kind belong together, wherever they stand. Between
 * two such pairs, and from the last one to the end, rows and instructions belong together where all of them agree, one by one.
 */
export function certainPairs(candidates: Candidates): readonly Pair[] {
  const unique = uniquePairs(candidates);
  const anchors = inEveryOrder(unique);
  if (anchors.length === 0) return [];
  const rows = candidates.likeness.length;
  const bounds = [...anchors, { row: rows, instruction: candidates.instructions.length }];
  const between = bounds.flatMap((bound, index) => {
    const before = anchors[index - 1];
    // above the first are rows of the base, too: as many are looked at as there are instructions
    const start = before ?? { row: candidates.isScratch ? -1 : bound.row - bound.instruction - 1, instruction: -1 };
    return segment(candidates, start, bound);
  });
  return withoutBase(candidates, [...anchors, ...between].sort((a, b) => a.row - b.row), unique);
}

/** How many instructions have a row from `start` on, rows and instructions in their order. */
export function longestCommon({ likeness, instructions }: Candidates, start: number): number {
  let best = new Int32Array(instructions.length + 1);
  for (let row = start; row < likeness.length; row++) {
    const next = new Int32Array(instructions.length + 1);
    for (let at = 1; at <= instructions.length; at++) {
      const pair = alike(likeness, row, at - 1) ? (best[at - 1] ?? 0) + 1 : 0;
      next[at] = Math.max(pair, best[at] ?? 0, next[at - 1] ?? 0);
    }
    best = next;
  }
  return best[instructions.length] ?? 0;
}

function alike(likeness: Candidates['likeness'], row: number, instruction: number): boolean {
  return (likeness[row]?.[instruction] ?? 'other') !== 'other';
}

function uniquePairs({ likeness, instructions }: Candidates): readonly Pair[] {
  const rowsOf = instructions.map((): number[] => []);
  likeness.forEach((row, at) => row.forEach((one, instruction) => { if (one !== 'other') rowsOf[instruction]?.push(at); }));
  return likeness.flatMap((row, at) => {
    const found = row.flatMap((one, instruction) => (one === 'other' ? [] : [instruction]));
    const [only = -1] = found;
    return found.length === 1 && row[only] === 'same' && rowsOf[only]?.length === 1 ? [{ row: at, instruction: only }] : [];
  });
}

/** Of pairs by row those that are in every longest sequence in which the instructions rise, too: none that changed its place. */
function inEveryOrder(pairs: readonly Pair[]): readonly Pair[] {
  const up = pairs.map(() => 1);
  const down = pairs.map(() => 1);
  const rises = (a: number, b: number): boolean => (pairs[a]?.instruction ?? 0) < (pairs[b]?.instruction ?? 0);
  for (let i = 0; i < pairs.length; i++) for (let j = 0; j < i; j++) if (rises(j, i)) up[i] = Math.max(up[i] ?? 1, (up[j] ?? 0) + 1);
  for (let i = pairs.length - 1; i >= 0; i--) for (let j = pairs.length - 1; j > i; j--) if (rises(i, j)) down[i] = Math.max(down[i] ?? 1, (down[j] ?? 0) + 1);
  const longest = Math.max(0, ...up);
  const onOne = pairs.flatMap((_, i) => ((up[i] ?? 0) + (down[i] ?? 0) - 1 === longest ? [i] : []));
  const levels = new Map<number, number>();
  for (const i of onOne) levels.set(up[i] ?? 0, (levels.get(up[i] ?? 0) ?? 0) + 1);
  return onOne.filter((i) => levels.get(up[i] ?? 0) === 1).flatMap((i) => pairs[i] ?? []);
}

/** The pairs between two bounds, neither of which is among them, where all rows and instructions agree one by one; those that could be another's are left out. */
function segment({ likeness, free }: Candidates, after: Pair, before: Pair): readonly Pair[] {
  const rows: number[] = [];
  for (let row = Math.max(0, after.row + 1); row < before.row; row++) if (free[row] !== true) rows.push(row);
  if (rows.length !== before.instruction - after.instruction - 1) return [];
  const pairs = rows.map((row, index) => ({ row, instruction: after.instruction + 1 + index }));
  if (!pairs.every(({ row, instruction }) => alike(likeness, row, instruction))) return [];
  const isOnly = (found: readonly (Likeness | undefined)[] | undefined): boolean => found?.filter((one) => one !== 'other').length === 1;
  return pairs.filter(({ row, instruction }) => isOnly(likeness[row]) && isOnly(likeness.map((one) => one[instruction])));
}

/**
 * A row of the base may have the text of an instruction that is newer than the image: a single pair that nothing but foreign rows
 * joins to those below is left out, and what changed its place counts only below the first pair that is left.
 */
function withoutBase({ likeness }: Candidates, pairs: readonly Pair[], unique: readonly Pair[]): readonly Pair[] {
  const lastGap = pairs.findLastIndex((pair, index) => {
    const next = pairs[index + 1];
    if (next === undefined || next.row - pair.row === next.instruction - pair.instruction) return false;
    const foreign = likeness.slice(pair.row + 1, next.row).some((row) => row.slice(pair.instruction + 1, next.instruction).every((one) => one === 'other'));
    return foreign && !hasNeighbours(pairs.slice(0, index + 1));
  });
  const own = pairs.slice(lastGap + 1);
  const first = own[0]?.row ?? Infinity;
  const moved = unique.filter(({ row }) => row > first && !own.some((pair) => pair.row === row));
  return [...own, ...moved].sort((a, b) => a.row - b.row);
}

function hasNeighbours(pairs: readonly Pair[]): boolean {
  return pairs.some(({ row, instruction }, at) => pairs[at + 1]?.row === row + 1 && pairs[at + 1]?.instruction === instruction + 1);
}
