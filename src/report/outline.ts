import { endOfStringMap } from './stringMap.js';

/** A report without its large sections. */
export interface Outline {
  /** The report's JSON, but with a number in place of each large section: its index in `sections`. */
  readonly json: string;
  /** Where each is: bytes that are an object of strings. */
  readonly sections: readonly Range[];
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bytes; a smaller section stays where it is, since to note it would cost as much as to parse it. */
const LARGE = 2048;

/** Any key. */
const ANY = Symbol('any');

/** The way to a section: keys, and a list's first item. */
const WAY = ['document', 0, 'image', 'imagedata', 'analysis_report', ANY, ANY, 'base'] as const;

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Takes a report's large sections out of it, in one pass over its bytes. Sections are checked here, once for all; all else is looked at
 * only as far as needed to find them: JSON.parse judges it, as the outline. So what JSON.parse would not take of the whole, it does not
 * take of the outline, or there is none.
 * @returns undefined where a section is not an object of strings, or something is written as reports are not (keys with escapes): then
 * the whole is to be parsed, which says what is wrong, if anything is
 */
export function outlineOf(bytes: Buffer): Outline | undefined {
  const walk = new Walk(bytes);
  return walk.value(bytes[walk.afterSpace()] === OPEN_BRACKET ? WAY.indexOf(0) : 0) ? walk.outline() : undefined;
}

/** Each step goes past what it names, and says whether that was there. */
class Walk {
  private readonly bytes: Buffer;
  private at = 0;
  private readonly pieces: string[] = [];
  private readonly sections: Range[] = [];
  /** Where what is not yet in `pieces` begins. */
  private start = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  outline(): Outline {
    return { json: this.pieces.join('') + this.bytes.toString('utf8', this.start), sections: this.sections };
  }

  /** A value at some step of the way. */
  value(step: number): boolean {
    const byte = this.bytes[this.afterSpace()];
    if (step === WAY.length) return this.section();
    if (byte === OPEN_BRACE && WAY[step] !== 0) return this.items(CLOSE_BRACE, () => this.member(step));
    if (byte === OPEN_BRACKET && WAY[step] === 0) {
      let isFirst = true;
      return this.items(CLOSE_BRACKET, () => isFirst ? (isFirst = false, this.value(step + 1)) : this.other());
    }
    return this.other();
  }

  afterSpace(): number {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return this.at;
      this.at += 1;
    }
  }

  private items(close: number, item: () => boolean): boolean {
    this.at += 1;
    for (;;) {
      const byte = this.bytes[this.afterSpace()];
      if (byte === COMMA || byte === close) this.at += 1;
      if (byte === close) return true;
      if (byte !== COMMA && !item()) return false;
    }
  }

  private member(step: number): boolean {
    const key = this.string();
    if (key === undefined || this.bytes[this.afterSpace()] !== COLON) return false;
    this.at += 1;
    if (WAY[step] === ANY || WAY[step] === key) return this.value(step + 1);
    // with escapes it may be the same key nevertheless
    return !key.includes('\\') && this.other();
  }

  private section(): boolean {
    const { at: start, bytes } = this;
    const end = endOfStringMap(bytes, start);
    if (end === -1) return false;
    this.at = end;
    if (end - start < LARGE) return true;
    // with spaces around it, the number cannot become one with what stands beside it
    this.pieces.push(bytes.toString('utf8', this.start, start), ` ${this.sections.length} `);
    this.sections.push({ start, end });
    this.start = end;
    return true;
  }

  /** A value off the way: all up to the comma or bracket that is not its own. */
  private other(): boolean {
    const start = this.afterSpace();
    let depth = 0;
    while (this.at < this.bytes.length) {
      const byte = this.bytes[this.at];
      const isEnd = byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
      if (depth === 0 && (isEnd || byte === COMMA)) break;
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
      else if (isEnd) depth -= 1;
      if (byte === QUOTE) this.pass();
      else this.at += 1;
    }
    return this.at > start;
  }

  private string(): string | undefined {
    const start = this.at;
    if (this.bytes[start] !== QUOTE) return undefined;
    this.pass();
    return this.bytes.toString('utf8', start + 1, this.at - 1);
  }

  /** Goes past the string that begins here. */
  private pass(): void {
    this.at += 1;
    while (this.at < this.bytes.length && this.bytes[this.at] !== QUOTE) this.at += this.bytes[this.at] === BACKSLASH ? 2 : 1;
    this.at += 1;
  }
}
