import { ContainerError, Pages, type Broken } from './container.js';

/**
 * rpm's oldest database (`Packages`, until RHEL 8): a Berkeley DB hash of package number → header.
 * Headers are mostly longer than a page and lie on chains of overflow pages. The hash itself is not needed: every page is looked at.
 * Source: Berkeley DB's dbinc/db_page.h (on-disk format, hash version 8 to 10), of the byte order of the machine that wrote it.
 */
const MAGIC = 0x061561;
const HASH_META = 8;
const PAGE_TYPES_OF_HASH: ReadonlySet<number> = new Set([2, 13]);
const OVERFLOW = 7;
const PAGE_HEADER = 26;
/** First byte of an item: its bytes follow; or they are on other pages. */
const ITEM_HERE = 1;
const ITEM_ELSEWHERE = 3;

/** By its magic at byte 12, in either byte order. */
export function isBdb(bytes: Buffer): boolean {
  return bytes.length >= 512 && (bytes.readUInt32LE(12) === MAGIC || bytes.readUInt32BE(12) === MAGIC);
}

/** Headers of a Berkeley DB, one after the other; what could not be read is told and left out. */
export function* bdbHeaders(bytes: Buffer, broken: Broken): Generator<Buffer> {
  const file = new Numbers(bytes, bytes.readUInt32LE(12) === MAGIC);
  const pageSize = file.u32(20);
  if (bytes[25] !== HASH_META) throw new ContainerError('is a Berkeley DB, but no hash');
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) throw new ContainerError(`says that its pages have ${pageSize} bytes`);
  const pages = new Pages(bytes, pageSize);
  if (file.u32(32) + 1 > pages.count) broken(`ends after ${pages.count} of ${file.u32(32) + 1} pages`);
  for (let index = 1; index < pages.count; index++) {
    if (!PAGE_TYPES_OF_HASH.has(bytes[index * pageSize + 25] ?? 0)) continue;
    yield* headersOfPage(pages, index, file.isLittleEndian, broken);
  }
}

function* headersOfPage(pages: Pages, index: number, isLittleEndian: boolean, broken: Broken): Generator<Buffer> {
  for (const item of dataItems(pages, index, isLittleEndian, broken)) {
    try {
      const value = valueOf(item, pages, isLittleEndian);
      if (value !== undefined) yield value;
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      broken(error.message);
    }
  }
}

/** Items of a hash page come in pairs of key and data, from the page's end towards its front. */
function* dataItems(pages: Pages, index: number, isLittleEndian: boolean, broken: Broken): Generator<Buffer> {
  const page = new Numbers(pages.take(index), isLittleEndian);
  const count = page.u16(20);
  if (PAGE_HEADER + 2 * count > pages.size) {
    broken(`has a page ${index} that says that it has ${count} items`);
    return;
  }
  for (let item = 1; item < count; item += 2) {
    const start = page.u16(PAGE_HEADER + 2 * item);
    const end = page.u16(PAGE_HEADER + 2 * (item - 1));
    if (start < PAGE_HEADER || start >= end || end > pages.size) broken(`has a page ${index} whose item ${item} lies outside of it`);
    else yield page.bytes.subarray(start, end);
  }
}

function valueOf(item: Buffer, pages: Pages, isLittleEndian: boolean): Buffer | undefined {
  // package number 0 holds the highest number given so far: four bytes, no header
  if (item[0] === ITEM_HERE) return item.length > 5 ? item.subarray(1) : undefined;
  if (item[0] !== ITEM_ELSEWHERE || item.length < 12) throw new ContainerError('has an item of an unknown kind');
  const numbers = new Numbers(item, isLittleEndian);
  return overflow(pages, numbers.u32(4), numbers.u32(8), isLittleEndian);
}

function overflow(pages: Pages, first: number, length: number, isLittleEndian: boolean): Buffer {
  const parts: Buffer[] = [];
  let left = length;
  for (let index = first; left > 0;) {
    if (index === 0) throw new ContainerError(`has a header of ${length} bytes whose last ${left} are missing`);
    const page = new Numbers(pages.take(index), isLittleEndian);
    if (page.bytes[25] !== OVERFLOW) throw new ContainerError(`has a header that goes on at page ${index}, which is no overflow page`);
    const part = page.bytes.subarray(PAGE_HEADER, PAGE_HEADER + Math.min(page.u16(22), left));
    parts.push(part);
    left -= part.length;
    index = page.u32(16);
  }
  return Buffer.concat(parts);
}

/** Unsigned numbers in the file's byte order. */
class Numbers {
  readonly bytes: Buffer;
  readonly isLittleEndian: boolean;

  constructor(bytes: Buffer, isLittleEndian: boolean) {
    this.bytes = bytes;
    this.isLittleEndian = isLittleEndian;
  }

  u16(at: number): number {
    return this.isLittleEndian ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  u32(at: number): number {
    return this.isLittleEndian ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }
}
