import { WIDEST, type VersionPattern } from './classifier.js';

/** Literals of one pattern that are looked at: a file full of them is made to waste time. */
const MOST_WINDOWS = 50_000;

/**
 * Looks for versions in bytes as they pass. A window around a literal is looked at once it is there as a whole, so that
 * no version is cut short at a chunk's end. Memory: one chunk and the widest window.
 */
export class VersionScan {
  private readonly patterns: readonly VersionPattern[];
  private readonly windows: number[];
  private kept: Buffer = Buffer.alloc(0);
  /** Up to where in `kept` literals have been looked at. */
  private done = 0;
  private best: { readonly rank: number; readonly version: string } | undefined;

  constructor(patterns: readonly VersionPattern[]) {
    this.patterns = patterns;
    this.windows = patterns.map(() => 0);
  }

  write(chunk: Buffer): void {
    if (this.best?.rank === 0) return;
    const bytes = Buffer.concat([this.kept, chunk]);
    const until = bytes.length - WIDEST;
    if (until <= this.done) {
      this.kept = bytes;
      return;
    }
    this.look(bytes, until);
    const start = Math.max(0, until - WIDEST);
    this.kept = Buffer.from(bytes.subarray(start));
    this.done = until - start;
  }

  /** The version, or undefined. */
  end(): string | undefined {
    this.look(this.kept, this.kept.length);
    return this.best?.version;
  }

  /** Looks at all literals that start in [done, until). */
  private look(bytes: Buffer, until: number): void {
    for (const [rank, pattern] of this.patterns.entries()) {
      if (this.best !== undefined && this.best.rank <= rank) return;
      const version = pattern.literal === '' ? this.everywhere(bytes, until, pattern) : this.around(bytes, until, pattern, rank);
      if (version !== undefined) this.best = { rank, version };
    }
  }

  private everywhere(bytes: Buffer, until: number, { expression, before }: VersionPattern): string | undefined {
    const start = Math.max(0, this.done - before);
    const text = bytes.toString('latin1', start);
    expression.lastIndex = 0;
    const match = expression.exec(text);
    return match === null || start + match.index >= until ? undefined : match.groups?.['version'];
  }

  private around(bytes: Buffer, until: number, { literal, expression, before, after }: VersionPattern, rank: number): string | undefined {
    for (let at = bytes.indexOf(literal, this.done, 'latin1'); at >= 0 && at < until; at = bytes.indexOf(literal, at + 1, 'latin1')) {
      this.windows[rank] = (this.windows[rank] ?? 0) + 1;
      if ((this.windows[rank] ?? 0) > MOST_WINDOWS) return undefined;
      const match = expression.exec(bytes.toString('latin1', Math.max(0, at - before), Math.min(bytes.length, at + after)));
      if (match?.groups?.['version'] !== undefined) return match.groups['version'];
    }
    return undefined;
  }
}
