import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { keyOf } from '../packages.js';
import type { AdvisoryRecord, Statement } from '../record.js';
import { statementsIn } from './dense.js';
import { FOOTER_BYTES, hashOf, indexHeader, MAGIC, nameKey, TABLE_ROW_BYTES, type IndexHeader, type Place } from './format.js';
import { PagedFile, readAt } from './pagedFile.js';

/** An open index. Its contents are our own writing, sealed by a checksum, so they are not parsed against a schema again. */
export interface AdvisoryIndex {
  readonly header: IndexHeader;
  statements(ecosystem: string, name: string): readonly Statement[];
  /** Records with this id or alias. */
  named(id: string): readonly AdvisoryRecord[];
  close(): void;
}

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
  private readonly file: PagedFile;
  private readonly table: Buffer;

  constructor(file: number, header: IndexHeader, table: Buffer) {
    this.file = new PagedFile(file);
    this.header = header;
    this.table = table;
  }

  statements(ecosystem: string, name: string): readonly Statement[] {
    return this.entries(keyOf(ecosystem, name)).flatMap((json) => statementsIn(json, (place) => this.record(place)));
  }

  named(id: string): readonly AdvisoryRecord[] {
    return this.entries(nameKey(id)).flatMap((json) => (JSON.parse(json) as readonly Place[]).map((place) => this.record(place)));
  }

  close(): void {
    this.file.close();
  }

  /** The JSON of every entry with a key. */
  private entries(key: string): readonly string[] {
    const hash = hashOf(key);
    const found: string[] = [];
    for (let row = this.firstRow(hash); row * TABLE_ROW_BYTES < this.table.length && this.cell(row, 0) === hash; row++) {
      const bytes = this.file.bytes(this.cell(row, 1), this.cell(row, 2));
      const end = 2 + bytes.readUInt16LE(0);
      if (bytes.toString('utf8', 2, end) === key) found.push(bytes.toString('utf8', end));
    }
    return found;
  }

  private cell(row: number, column: 0 | 1 | 2): number {
    return this.table.readUInt32LE(row * TABLE_ROW_BYTES + column * 4);
  }

  /** The first row whose hash is not below the given one. */
  private firstRow(hash: number): number {
    let low = 0;
    let high = this.table.length / TABLE_ROW_BYTES;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.cell(middle, 0) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private record([offset, length]: Place): AdvisoryRecord {
    return JSON.parse(this.file.bytes(offset, length).toString('utf8')) as AdvisoryRecord;
  }
}
