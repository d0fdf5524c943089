import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { keyOf } from '../packages.js';
import type { AdvisoryRecord, PackageStatements } from '../record.js';
import { statementsIn } from './dense.js';
import { FOOTER_BYTES, hashOf, indexHeader, MAGIC, nameKey, TABLE_ROW_BYTES, type IndexHeader, type Place } from './format.js';
import { PagedFile, readAt } from './pagedFile.js';

/** An open index. Its contents are our own writing, sealed by a checksum, so they are not parsed against a schema again. */
export interface AdvisoryIndex {
  readonly header: IndexHeader;
  /** An entry for each part of the index that has some. */
  statements(ecosystem: string, name: string): readonly PackageStatements[];
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

/** Of the same row: the hash of a key, and where its entry is. */
interface Table {
  readonly hashes: Uint32Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
}

function readHead(file: number): { readonly header: IndexHeader; readonly table: Table } | undefined {
  const { size } = fstatSync(file);
  if (size < MAGIC.length + FOOTER_BYTES) return undefined;
  const footer = readAt(file, size - FOOTER_BYTES, FOOTER_BYTES);
  if (!footer.subarray(16).equals(MAGIC)) return undefined;
  const tableOffset = footer.readUInt32LE(0);
  const count = footer.readUInt32LE(4);
  const tableBytes = count * TABLE_ROW_BYTES;
  const headerBytes = footer.readUInt32LE(8);
  if (tableOffset + tableBytes + headerBytes + FOOTER_BYTES !== size) return undefined;
  const both = readAt(file, tableOffset, tableBytes + headerBytes);
  if (crc32(both) !== footer.readUInt32LE(12)) return undefined;
  const header = indexHeader.safeParse(JSON.parse(both.toString('utf8', tableBytes)));
  return header.success ? { header: header.data, table: tableIn(both, count) } : undefined;
}

class IndexReader implements AdvisoryIndex {
  readonly header: IndexHeader;
  private readonly file: PagedFile;
  private readonly table: Table;

  constructor(file: number, header: IndexHeader, table: Table) {
    this.file = new PagedFile(file);
    this.header = header;
    this.table = table;
  }

  statements(ecosystem: string, name: string): readonly PackageStatements[] {
    return this.entries(keyOf(ecosystem, name)).map((text) => statementsIn(text, this.record));
  }

  named(id: string): readonly AdvisoryRecord[] {
    return this.entries(nameKey(id)).flatMap((json) => (JSON.parse(json) as readonly Place[]).map(this.record));
  }

  close(): void {
    this.file.close();
  }

  /** The text of every entry with a key. */
  private entries(key: string): readonly string[] {
    const { hashes, offsets, lengths } = this.table;
    const hash = hashOf(key);
    const found: string[] = [];
    for (let row = firstRow(hashes, hash); row < hashes.length && hashes[row] === hash; row++) {
      const bytes = this.file.bytes(offsets[row] ?? 0, lengths[row] ?? 0);
      const end = 2 + bytes.readUInt16LE(0);
      if (bytes.toString('utf8', 2, end) === key) found.push(bytes.toString('utf8', end));
    }
    return found;
  }

  private readonly record = ([offset, length]: Place): AdvisoryRecord => JSON.parse(this.file.bytes(offset, length).toString('utf8')) as AdvisoryRecord;
}

/** The first row whose hash is not below the given one. */
function firstRow(hashes: Uint32Array, hash: number): number {
  let low = 0;
  let high = hashes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((hashes[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

function tableIn(bytes: Buffer, count: number): Table {
  const column = (index: number): Uint32Array => {
    const cells = new Uint32Array(count);
    for (let row = 0; row < count; row++) cells[row] = bytes.readUInt32LE((index * count + row) * 4);
    return cells;
  };
  return { hashes: column(0), offsets: column(1), lengths: column(2) };
}
