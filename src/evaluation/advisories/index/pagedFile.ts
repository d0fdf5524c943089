import { closeSync, readSync } from 'node:fs';

/** Read at a time: what is asked for lies near what was asked before, and a call costs more than the bytes. */
const PAGE_BYTES = 64 * 1024;
/** Kept, of each file: 16 MB. */
const MOST_PAGES = 256;

/** Bytes of a file that is open, of which the pages read last are kept. */
export class PagedFile {
  private readonly file: number;
  private readonly pages = new Map<number, Buffer>();

  constructor(file: number) {
    this.file = file;
  }

  /** @returns bytes that stay as they are; fewer at the file's end */
  bytes(offset: number, length: number): Buffer {
    const first = Math.floor(offset / PAGE_BYTES);
    const last = Math.floor((offset + Math.max(1, length) - 1) / PAGE_BYTES);
    const start = first * PAGE_BYTES;
    if (first === last) return this.page(first).subarray(offset - start, offset - start + length);
    if (last - first >= MOST_PAGES) return readAt(this.file, offset, length);
    const pages: Buffer[] = [];
    for (let number = first; number <= last; number++) pages.push(this.page(number));
    return Buffer.concat(pages).subarray(offset - start, offset - start + length);
  }

  close(): void {
    this.pages.clear();
    closeSync(this.file);
  }

  private page(number: number): Buffer {
    const known = this.pages.get(number);
    if (known !== undefined) return known;
    const [oldest] = this.pages.keys();
    if (this.pages.size >= MOST_PAGES && oldest !== undefined) this.pages.delete(oldest);
    const page = readAt(this.file, number * PAGE_BYTES, PAGE_BYTES);
    this.pages.set(number, page);
    return page;
  }
}

/** @returns fewer bytes at the file's end */
export function readAt(file: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
}
