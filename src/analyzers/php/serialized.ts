import { FormatError } from '../packageFile/read.js';

/**
 * Reads what PHP's `serialize` writes, scalars and arrays only: objects, references and custom classes are refused.
 * Source: PHP manual, "serialize"; ext/standard/var.c. Lengths are bytes, so it works on bytes.
 */
export type PhpValue = string | number | boolean | null | PhpArray;
export type PhpArray = ReadonlyMap<string, PhpValue>;

/** PEAR's registry nests seven deep. */
const DEEPEST = 64;
/** Length words (`s:123:`, `a:12:`) are this short. */
const LONGEST_NUMBER = 20;

/** The value with which the bytes begin. @throws FormatError for what is none, cut, or nested too deep */
export function unserialize(bytes: Buffer): PhpValue {
  return new Reader(bytes).value(0);
}

class Reader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  value(depth: number): PhpValue {
    if (depth > DEEPEST) throw new FormatError('is serialized deeper than any registry');
    const kind = String.fromCharCode(this.bytes[this.at] ?? 0);
    this.at += kind === 'N' ? 1 : 2;
    switch (kind) {
      case 'N': return this.expect(';', null);
      case 'b': return this.until(';') === '1';
      case 'i':
      case 'd': return Number(this.until(';'));
      case 's': return this.string();
      case 'a': return this.array(depth);
      default: throw new FormatError('is no serialized PHP array');
    }
  }

  private string(): string {
    const length = this.length();
    this.expect('"', null);
    const text = this.bytes.toString('utf8', this.at, this.at + length);
    this.at += length;
    this.expect('"', null);
    return this.expect(';', text);
  }

  private array(depth: number): PhpArray {
    const length = this.length();
    this.expect('{', null);
    const array = new Map<string, PhpValue>();
    for (let index = 0; index < length; index += 1) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string' && typeof key !== 'number') throw new FormatError('is a serialized array with a false key');
      array.set(String(key), this.value(depth + 1));
    }
    return this.expect('}', array);
  }

  private length(): number {
    const length = Number(this.until(':'));
    if (!Number.isInteger(length) || length < 0 || length > this.bytes.length - this.at) throw new FormatError('is serialized with a false length');
    return length;
  }

  private until(end: string): string {
    const stop = this.bytes.subarray(this.at, this.at + LONGEST_NUMBER + 1).indexOf(end);
    if (stop < 0) throw new FormatError('is serialized data that is cut off');
    const text = this.bytes.toString('latin1', this.at, this.at + stop);
    this.at += stop + 1;
    return text;
  }

  private expect<T>(character: string, value: T): T {
    if (this.bytes[this.at] !== character.charCodeAt(0)) throw new FormatError('is serialized data that is cut off or damaged');
    this.at += 1;
    return value;
  }
}
