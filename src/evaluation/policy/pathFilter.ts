import type { Pattern, RegexBudget } from './regex.js';

/**
 * Finds the paths that patterns match. A bundle may ask a thousand patterns of a hundred thousand paths: most are answered by
 * looking up, among the pieces of three characters that occur in paths, a text without which the pattern cannot match.
 */
export class PathFilter {
  private readonly paths: readonly string[];
  private lower: readonly string[] | undefined;
  private index: PieceIndex | undefined;
  private asked = 0;

  constructor(paths: Iterable<string>) {
    this.paths = [...paths];
  }

  /** The paths that match, in their order. Throws `BudgetError`. */
  matching(pattern: Pattern, budget: RegexBudget): readonly string[] {
    const candidates = this.candidates(pattern.required);
    const answers = pattern.test(candidates, budget);
    return candidates.filter((_, position) => answers[position]);
  }

  private candidates(required: readonly string[] | null): readonly string[] {
    if (required === null || required.some((text) => text.length < PIECE)) return this.paths;
    this.lower ??= this.paths.map((path) => path.toLowerCase());
    this.asked += 1;
    const { lower } = this;
    if (this.asked <= ASKED_BEFORE_INDEX) return this.paths.filter((_, position) => required.some((text) => (lower[position] as string).includes(text)));
    this.index ??= new PieceIndex(lower);
    const index = this.index;
    const found = new Set<number>();
    for (const text of required) {
      for (const position of index.having(text)) found.add(position);
    }
    return [...found].sort((left, right) => left - right).map((position) => this.paths[position] as string);
  }
}

/** An index costs as much as looking through all paths for some patterns: most bundles have no more. */
const ASKED_BEFORE_INDEX = 3;
const PIECE = 3;
/** 5 bits of each of the three characters: pieces that share a bucket are told apart by looking at the path. */
const BUCKETS = 1 << 15;

/** For each piece of three characters, in lower case, the positions of the paths that have it: two flat arrays, sorted by bucket. */
class PieceIndex {
  private readonly lower: readonly string[];
  /** Where in `positions` a bucket begins; one more than there are buckets. */
  private readonly starts = new Uint32Array(BUCKETS + 1);
  private readonly positions: Uint32Array;

  /** @param lower the paths in lower case */
  constructor(lower: readonly string[]) {
    this.lower = lower;
    const { starts } = this;
    visitBuckets(lower, (bucket) => { starts[bucket + 1] = (starts[bucket + 1] as number) + 1; });
    for (let bucket = 0; bucket < BUCKETS; bucket++) starts[bucket + 1] = (starts[bucket + 1] as number) + (starts[bucket] as number);
    const positions = new Uint32Array(starts[BUCKETS] as number);
    const next = starts.slice();
    visitBuckets(lower, (bucket, position) => {
      const at = next[bucket] as number;
      positions[at] = position;
      next[bucket] = at + 1;
    });
    this.positions = positions;
  }

  /** Positions of the paths that hold the text, which has at least three characters and is in lower case. */
  having(text: string): readonly number[] {
    let [start, end] = this.range(text, 0);
    for (let at = 1; at + PIECE <= text.length; at++) {
      const [from, to] = this.range(text, at);
      if (to - from < end - start) [start, end] = [from, to];
    }
    const found: number[] = [];
    for (let at = start; at < end; at++) {
      const position = this.positions[at] as number;
      if ((this.lower[position] as string).includes(text)) found.push(position);
    }
    return found;
  }

  private range(text: string, at: number): [number, number] {
    const bucket = bucketOf(text, at);
    return [this.starts[bucket] as number, this.starts[bucket + 1] as number];
  }
}

/** Calls for each path once for each bucket that it is in. A plain loop: it runs for millions of characters. */
function visitBuckets(lower: readonly string[], visit: (bucket: number, position: number) => void): void {
  const last = new Int32Array(BUCKETS).fill(-1);
  for (let position = 0; position < lower.length; position++) {
    const path = lower[position] as string;
    let bucket = 0;
    for (let at = 0; at < path.length; at++) {
      bucket = (bucket << 5 | path.charCodeAt(at) & 31) & BUCKETS - 1;
      if (at < PIECE - 1 || last[bucket] === position) continue;
      last[bucket] = position;
      visit(bucket, position);
    }
  }
}

function bucketOf(text: string, at: number): number {
  return (text.charCodeAt(at) & 31) << 10 | (text.charCodeAt(at + 1) & 31) << 5 | (text.charCodeAt(at + 2) & 31);
}
