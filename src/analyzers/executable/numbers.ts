import { FormatError } from '../packageFile/read.js';

/** Reads integers of one byte order from a buffer; what lies beyond it is a FormatError. */
export class Numbers {
  private readonly bytes: Buffer;
  private readonly bigEndian: boolean;

  constructor(bytes: Buffer, bigEndian: boolean) {
    this.bytes = bytes;
    this.bigEndian = bigEndian;
  }

  u16(offset: number): number {
    this.check(offset, 2);
    return this.bigEndian ? this.bytes.readUInt16BE(offset) : this.bytes.readUInt16LE(offset);
  }

  u32(offset: number): number {
    this.check(offset, 4);
    return this.bigEndian ? this.bytes.readUInt32BE(offset) : this.bytes.readUInt32LE(offset);
  }

  /** A 64-bit number; one beyond 2^53 is returned rounded: it is no offset of any file, and fails where it is used. */
  u64(offset: number): number {
    this.check(offset, 8);
    return Number(this.bigEndian ? this.bytes.readBigUInt64BE(offset) : this.bytes.readBigUInt64LE(offset));
  }

  /** A number as wide as a pointer. */
  word(offset: number, wide: boolean): number {
    return wide ? this.u64(offset) : this.u32(offset);
  }

  /** Text up to the first NUL, at most `length` bytes. */
  text(offset: number, length: number): string {
    this.check(offset, length);
    const part = this.bytes.subarray(offset, offset + length);
    const end = part.indexOf(0);
    return part.toString('latin1', 0, end < 0 ? length : end);
  }

  private check(offset: number, length: number): void {
    if (!(offset >= 0 && offset + length <= this.bytes.length)) throw new FormatError('has a header that is cut off');
  }
}
