import { writeSync } from 'node:fs';
import { BackendError } from '../../../errors.js';
import type { Place } from './format.js';

/** How much is gathered before it is written. */
const WRITE_BYTES = 1024 * 1024;
const LARGEST_INDEX = 0xffffffff;

/** Writes synchronously, a megabyte at a time: there is nothing else to do meanwhile, and a promise for each of 200,000 pieces costs more than they do. */
export class ByteWriter {
  private readonly file: number;
  private readonly buffer = Buffer.allocUnsafe(WRITE_BYTES);
  private filled = 0;
  /** Of what has been written to the file. */
  private written = 0;

  constructor(file: number) {
    this.file = file;
  }

  text(text: string): Place {
    return this.keyed(null, text);
  }

  /** @param key written before the text, with its length in two bytes */
  keyed(key: string | null, text: string): Place {
    const keyBytes = key === null ? 0 : 2 + Buffer.byteLength(key);
    const length = keyBytes + Buffer.byteLength(text);
    if (length > WRITE_BYTES) return this.bytes(Buffer.concat([prefix(key), Buffer.from(text)]));
    const offset = this.reserve(length);
    if (key !== null) this.filled += prefix(key).copy(this.buffer, this.filled);
    this.filled += this.buffer.write(text, this.filled);
    return [offset, length];
  }

  bytes(bytes: Buffer): Place {
    const offset = this.reserve(bytes.length);
    if (bytes.length > WRITE_BYTES) {
      this.flush();
      this.writeOut(bytes);
    } else {
      this.filled += bytes.copy(this.buffer, this.filled);
    }
    return [offset, bytes.length];
  }

  flush(): void {
    this.writeOut(this.buffer.subarray(0, this.filled));
    this.filled = 0;
  }

  /** Makes room in the buffer; gives the offset in the file at which the next bytes will stand. */
  private reserve(length: number): number {
    if (this.filled + length > WRITE_BYTES) this.flush();
    const offset = this.written + this.filled;
    if (offset + length > LARGEST_INDEX) throw new BackendError('An export of advisories is too large for an index (4 GiB). Leave the ecosystem out, or use the public service.');
    return offset;
  }

  private writeOut(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done);
    this.written += bytes.length;
  }
}

function prefix(key: string | null): Buffer {
  if (key === null) return Buffer.alloc(0);
  const text = Buffer.from(key);
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16LE(text.length, 0);
  return Buffer.concat([length, text]);
}
