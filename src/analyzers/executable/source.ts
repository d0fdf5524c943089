import { FormatError } from '../packageFile/read.js';

/** A file of which some bytes are at hand. */
export interface ByteSource {
  /** Bytes of the whole file, at hand or not. */
  readonly size: number;
  /** The bytes [offset, offset + length); FormatError where they lie beyond the file or are not at hand. */
  read(offset: number, length: number): Buffer;
}

/** A file that is at hand as a whole. */
export function wholeFile(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read(offset, length) {
      checkRange(offset, length, bytes.length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A part of a file as a file of its own: one architecture of a universal binary. */
export function slice(source: ByteSource, start: number, size: number): ByteSource {
  checkRange(start, size, source.size);
  return {
    size,
    read(offset, length) {
      checkRange(offset, length, size);
      return source.read(start + offset, length);
    },
  };
}

/**
 * Keeps some ranges of a stream. What is wanted must be said before it passes; the start of the file can say it.
 * Memory is what was asked for, no more.
 */
export class CapturedRanges implements ByteSource {
  readonly size: number;
  private readonly ranges: { readonly start: number; readonly bytes: Buffer; filled: number }[] = [];
  private position = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** Asks for [start, end), cut to the file and to what has not yet passed. */
  capture(start: number, end: number): void {
    const from = Math.max(start, this.position);
    const to = Math.min(end, this.size);
    if (to > from) this.ranges.push({ start: from, bytes: Buffer.allocUnsafe(to - from), filled: 0 });
  }

  push(chunk: Buffer): void {
    const end = this.position + chunk.length;
    for (const range of this.ranges) {
      const from = Math.max(range.start, this.position);
      const to = Math.min(range.start + range.bytes.length, end);
      if (to <= from) continue;
      chunk.copy(range.bytes, from - range.start, from - this.position, to - this.position);
      range.filled = to - range.start;
    }
    this.position = end;
  }

  read(offset: number, length: number): Buffer {
    checkRange(offset, length, this.size);
    const parts: Buffer[] = [];
    let at = offset;
    while (at < offset + length) {
      const range = this.ranges.find(({ start, filled }) => start <= at && at < start + filled);
      if (range === undefined) throw new FormatError(`points to byte ${at}, which was not kept`);
      const part = range.bytes.subarray(at - range.start, Math.min(range.filled, offset + length - range.start));
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }
}

function checkRange(offset: number, length: number, size: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0 || offset + length > size) {
    throw new FormatError(`points to byte ${offset} + ${length}, beyond its end at ${size}`);
  }
}
