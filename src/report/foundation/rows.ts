import type { Base } from '../document.js';

/** Rows that are put into text by one call, which is quicker by far; more are done in pieces, so that a million files are never one string. */
const AT_ONCE = 20_000;
const PIECE = 2_000;

/** Ends one row and begins the next. Keys are absolute paths, so nothing within a row looks like it. */
const BOUNDARY = Buffer.from('","/');

/** Text of a section's rows as report.json has it, without the braces: `"key":"value","key":"value"`. */
export function rowsText(base: Base): Buffer {
  const entries = Object.entries(base);
  if (entries.length <= AT_ONCE) return Buffer.from(JSON.stringify(base).slice(1, -1));
  const pieces: Buffer[] = [];
  for (let start = 0; start < entries.length; start += PIECE) {
    const rows = entries.slice(start, start + PIECE).map(([key, value]) => rowText(key, value));
    pieces.push(Buffer.from((start === 0 ? '' : ',') + rows.join(',')));
  }
  return Buffer.concat(pieces);
}

export function rowText(key: string, value: string): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}

/** The rows as a map. */
export function parseRows(text: Buffer): Base {
  return JSON.parse(`{${text.toString('utf8')}}`) as Base;
}

/**
 * Rows whose keys are absolute paths, sorted: searched, and changed, as the text that they are.
 * A row costs the logarithm of how many there are, not a walk through all.
 */
export class PathRows {
  readonly text: Buffer;

  constructor(text: Buffer) {
    this.text = text;
  }

  get(path: string): string | undefined {
    const start = this.from(path);
    if (start >= this.text.length || this.keyAt(start) !== path) return undefined;
    return JSON.parse(this.text.toString('utf8', this.valueAt(start), this.endOf(start))) as string;
  }

  /** Where the first row stands whose key is `path` or comes after it; the text's end where none does. */
  from(path: string): number {
    let low = 0;
    let high = this.text.length;
    while (low < high) {
      const start = this.rowAround(low, low + ((high - low) >> 1));
      if (this.keyAt(start) < path) low = this.next(start);
      else high = start;
    }
    return Math.min(low, this.text.length);
  }

  /** The row behind the one that stands at `start`. */
  next(start: number): number {
    return Math.min(this.endOf(start) + 1, this.text.length);
  }

  keyAt(start: number): string {
    const raw = this.text.toString('utf8', start + 1, this.valueAt(start) - 2);
    return raw.includes('\\') ? JSON.parse(`"${raw}"`) as string : raw;
  }

  /** Its own text in pieces, with other rows at some paths; undefined takes a row away. Paths come sorted. */
  changed(rows: Iterable<readonly [path: string, value: string | undefined]>): Buffer[] {
    const pieces: Buffer[] = [];
    let copied = 0;
    for (const [path, value] of rows) {
      const start = this.from(path);
      const there = start < this.text.length && this.keyAt(start) === path;
      if (start > copied) pieces.push(this.text.subarray(copied, start === this.text.length ? start : start - 1));
      copied = there ? this.next(start) : start;
      if (value !== undefined) pieces.push(Buffer.from(rowText(path, value)));
    }
    if (copied < this.text.length) pieces.push(this.text.subarray(copied));
    return pieces;
  }

  /** Where the row begins in which `at` is; `low` is where some row begins. */
  private rowAround(low: number, at: number): number {
    // before the start, lastIndexOf would count from the end
    const found = at < 2 ? -1 : this.text.lastIndexOf(BOUNDARY, at - 2);
    return found < low ? low : found + 2;
  }

  private valueAt(start: number): number {
    for (let found = this.text.indexOf('":"', start + 1); ; found = this.text.indexOf('":"', found + 1)) {
      if (found === -1) throw new Error('A row has no value');
      if (!this.isEscaped(found)) return found + 2;
    }
  }

  /** Behind the value's closing quote. */
  private endOf(start: number): number {
    const found = this.text.indexOf(BOUNDARY, start);
    return found === -1 ? this.text.length : found + 1;
  }

  private isEscaped(quote: number): boolean {
    let backslashes = 0;
    while (this.text[quote - 1 - backslashes] === 0x5c) backslashes++;
    return backslashes % 2 === 1;
  }
}
