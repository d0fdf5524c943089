import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { keyOf } from '../packages.js';
import type { AdvisoryRecord, BareStatement, Statement } from '../record.js';
import { FOOTER_BYTES, hashOf, indexHeader, MAGIC, nameKey, TABLE_ROW_BYTES, type IndexHeader } from './format.js';

/** An open index. Its contents are our own writing, sealed by a checksum, so they are not parsed against a schema again. */
export interface AdvisoryIndex {
  readonly header: IndexHeader;
  statements(ecosystem: string, name: string): readonly Statement[];
  /** Records with this id or alias. */
  named(id: string): readonly AdvisoryRecord[];
  close(): void;
}

/** Read at a time: most records, with what they say of their packages right behind them, are shorter. */
const WINDOW_BYTES = 4096;

/** @returns undefined where there is no index, or one that is not whole or of another version */
export function openIndex(path: string): AdvisoryIndex | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  const found = readHead(file);
  if (found === undefined) {
    closeSync(file);
    return undefined;
  }
  return new IndexReader(file, found.header, found.table);
}

function readHead(file: number): { readonly header: IndexHeader; readonly table: Buffer } | undefined {
  const { size } = fstatSync(file);
  if (size < MAGIC.length + FOOTER_BYTES) return undefined;
  const footer = readAt(file, size - FOOTER_BYTES, FOOTER_BYTES);
  if (!footer.subarray(16).equals(MAGIC)) return undefined;
  const tableOffset = footer.readUInt32LE(0);
  const tableBytes = footer.readUInt32LE(4) * TABLE_ROW_BYTES;
  const headerBytes = footer.readUInt32LE(8);
  if (tableOffset + tableBytes + headerBytes + FOOTER_BYTES !== size) return undefined;
  const both = readAt(file, tableOffset, tableBytes + headerBytes);
  if (crc32(both) !== footer.readUInt32LE(12)) return undefined;
  const header = indexHeader.safeParse(JSON.parse(both.toString('utf8', tableBytes)));
  return header.success ? { header: header.data, table: both.subarray(0, tableBytes) } : undefined;
}

class IndexReader implements AdvisoryIndex {
  readonly header: IndexHeader;
  private readonly file: number;
  private readonly table: Buffer;
  /** What was read last, and where it stood: a record and its statements are neighbours. */
  private readonly window = Buffer.allocUnsafe(WINDOW_BYTES);
  private windowStart = 0;
  private windowEnd = 0;

  constructor(file: number, header: IndexHeader, table: Buffer) {
    this.file = file;
    this.header = header;
    this.table = table;
  }

  statements(ecosystem: string, name: string): readonly Statement[] {
    return this.posting(keyOf(ecosystem, name)).map(([recordOffset, statementOffset]) => {
      const read = (): AdvisoryRecord => this.chunk(recordOffset) as AdvisoryRecord;
      let record: AdvisoryRecord | undefined;
      return { ...this.chunk(statementOffset) as BareStatement, get record() { return (record ??= read()); } };
    });
  }

  named(id: string): readonly AdvisoryRecord[] {
    return this.posting(nameKey(id)).map(([recordOffset]) => this.chunk(recordOffset) as AdvisoryRecord);
  }

  close(): void {
    closeSync(this.file);
  }

  private posting(key: string): readonly (readonly [number, number])[] {
    const hash = hashOf(key);
    const name = Buffer.from(key);
    for (let row = this.firstRow(hash); row * TABLE_ROW_BYTES < this.table.length && this.hashAt(row) === hash; row++) {
      const offset = this.table.readUInt32LE(row * TABLE_ROW_BYTES + 4);
      const head = readAt(this.file, offset, 2 + name.length + 4);
      if (head.readUInt16LE(0) !== name.length || !head.subarray(2, 2 + name.length).equals(name)) continue;
      const count = head.readUInt32LE(2 + name.length);
      const list = readAt(this.file, offset + head.length, count * 8);
      return Array.from({ length: count }, (_, index) => [list.readUInt32LE(index * 8), list.readUInt32LE(index * 8 + 4)] as const);
    }
    return [];
  }

  private hashAt(row: number): number {
    return this.table.readUInt32LE(row * TABLE_ROW_BYTES);
  }

  /** The first row whose hash is not below the given one. */
  private firstRow(hash: number): number {
    let low = 0;
    let high = this.table.length / TABLE_ROW_BYTES;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.hashAt(middle) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private chunk(offset: number): unknown {
    const length = this.bytesAt(offset, 4).readUInt32LE(0);
    return JSON.parse(this.bytesAt(offset + 4, length).toString('utf8')) as unknown;
  }

  private bytesAt(offset: number, length: number): Buffer {
    if (length > WINDOW_BYTES) return readAt(this.file, offset, length);
    if (offset < this.windowStart || offset + length > this.windowEnd) {
      this.windowStart = offset;
      this.windowEnd = offset + readSync(this.file, this.window, 0, WINDOW_BYTES, offset);
    }
    return this.window.subarray(offset - this.windowStart, offset - this.windowStart + length);
  }
}

function readAt(file: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
}
