import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { replaceFile } from '../../../cache/advisories.js';
import { BackendError } from '../../../errors.js';
import { canonicalEcosystem } from '../distributions.js';
import { keyOf } from '../packages.js';
import { parseRecord, type ParsedRecord } from '../record.js';
import type { ZipFile } from '../sources/zip.js';
import { hashOf, INDEX_VERSION, MAGIC, nameKey, TABLE_ROW_BYTES, type IndexHeader } from './format.js';

/** How much is gathered before it is written. */
const WRITE_BYTES = 1024 * 1024;
const LARGEST_INDEX = 0xffffffff;
/** How many unreadable files are named; they are all counted. */
const MOST_EXAMPLES = 5;
/** A key longer than this is no package's name. */
const LONGEST_KEY = 0xffff;

/**
 * Writes the index of an export, whole or not at all.
 * @param now dates later than this (milliseconds) do not make an export look fresh
 * @throws BackendError where the zip lies or the index cannot be written
 */
export async function buildIndex(zip: ZipFile, path: string, now: number): Promise<void> {
  await replaceFile(path, async (partial) => {
    const file = openSync(partial, 'wx');
    try {
      await new IndexWriter(file, now).write(zip);
    } finally {
      closeSync(file);
    }
  }).catch((error: unknown) => {
    if (error instanceof BackendError) throw error;
    throw new BackendError(`The index of advisories ${path} cannot be written (${error instanceof Error ? error.message : 'unknown'}). Set a cache folder that can be written.`, { cause: error });
  });
}

/** Writes synchronously, a megabyte at a time: there is nothing else to do meanwhile, and a promise for each of 200,000 chunks costs more than they do. */
class IndexWriter {
  private readonly file: number;
  private readonly latest: string;
  private readonly buffer = Buffer.allocUnsafe(WRITE_BYTES);
  private filled = 0;
  /** Of what has been written to the file. */
  private written = 0;
  private readonly postings = new Map<string, number[]>();
  private readonly ecosystems = new Map<string, { records: number; newest: string | null }>();
  private records = 0;
  private newest: string | null = null;
  private readonly unreadable = { count: 0, examples: [] as string[] };

  constructor(file: number, now: number) {
    this.file = file;
    this.latest = new Date(now).toISOString();
  }

  async write(zip: ZipFile): Promise<void> {
    this.append(MAGIC);
    for await (const { entry, bytes } of zip.contents((one) => one.name.endsWith('.json'))) {
      const parsed = parseBytes(bytes);
      if (typeof parsed === 'string') this.tellUnreadable(entry.name, parsed);
      else if (!parsed.record.withdrawn) this.add(parsed);
    }
    this.finish();
  }

  private add({ record, statements }: ParsedRecord): void {
    const recordOffset = this.chunk(record);
    const date = later(this.past(record.modified), this.past(record.published));
    this.records += 1;
    this.newest = later(this.newest, date);
    for (const name of new Set([record.id, ...record.aliases])) this.post(nameKey(name), recordOffset, 0);
    const ecosystems = new Set<string>();
    for (const statement of statements) {
      ecosystems.add(canonicalEcosystem(statement.affected.ecosystem));
      this.post(keyOf(statement.affected.ecosystem, statement.affected.name), recordOffset, this.chunk(statement));
    }
    for (const ecosystem of ecosystems) {
      const known = this.ecosystems.get(ecosystem) ?? { records: 0, newest: null };
      this.ecosystems.set(ecosystem, { records: known.records + 1, newest: later(known.newest, date) });
    }
  }

  private past(date: string): string | null {
    return /^\d{4}-\d\d-\d\dT/.test(date) && date <= this.latest ? date : null;
  }

  private tellUnreadable(name: string, why: string): void {
    this.unreadable.count += 1;
    if (this.unreadable.examples.length < MOST_EXAMPLES) this.unreadable.examples.push(`${name.slice(0, 80)} (${why.slice(0, 120)})`);
  }

  private post(key: string, record: number, statement: number): void {
    if (Buffer.byteLength(key) > LONGEST_KEY) return;
    const list = this.postings.get(key);
    if (list === undefined) this.postings.set(key, [record, statement]);
    else list.push(record, statement);
  }

  private chunk(value: unknown): number {
    const text = JSON.stringify(value);
    const length = Buffer.byteLength(text);
    if (4 + length > WRITE_BYTES) return this.append(Buffer.concat([uint32(length), Buffer.from(text)]));
    const offset = this.reserve(4 + length);
    this.buffer.writeUInt32LE(length, this.filled);
    this.buffer.write(text, this.filled + 4);
    this.filled += 4 + length;
    return offset;
  }

  private append(bytes: Buffer): number {
    const offset = this.reserve(bytes.length);
    if (bytes.length > WRITE_BYTES) {
      this.flush();
      this.writeOut(bytes);
    } else {
      bytes.copy(this.buffer, this.filled);
      this.filled += bytes.length;
    }
    return offset;
  }

  /** Makes room in the buffer; gives the offset in the file at which the next bytes will stand. */
  private reserve(length: number): number {
    if (this.filled + length > WRITE_BYTES) this.flush();
    const offset = this.written + this.filled;
    if (offset + length > LARGEST_INDEX) throw new BackendError('An export of advisories is too large for an index (4 GiB). Leave the ecosystem out, or use the public service.');
    return offset;
  }

  private flush(): void {
    this.writeOut(this.buffer.subarray(0, this.filled));
    this.filled = 0;
  }

  private writeOut(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done);
    this.written += bytes.length;
  }

  private finish(): void {
    const rows: { readonly hash: number; readonly offset: number }[] = [];
    for (const [key, list] of this.postings) rows.push({ hash: hashOf(key), offset: this.append(postingBytes(key, list)) });
    rows.sort((a, b) => a.hash - b.hash);
    const table = Buffer.alloc(rows.length * TABLE_ROW_BYTES);
    rows.forEach((row, index) => {
      table.writeUInt32LE(row.hash, index * TABLE_ROW_BYTES);
      table.writeUInt32LE(row.offset, index * TABLE_ROW_BYTES + 4);
    });
    const header: IndexHeader = {
      version: INDEX_VERSION, records: this.records, newest: this.newest, ecosystems: Object.fromEntries(this.ecosystems), unreadable: this.unreadable,
    };
    const headerBytes = Buffer.from(JSON.stringify(header));
    const tableOffset = this.append(table);
    this.append(headerBytes);
    this.append(footer(tableOffset, rows.length, headerBytes, table));
    this.flush();
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function parseBytes(bytes: Buffer): ParsedRecord | string {
  try {
    return parseRecord(JSON.parse(bytes.toString('utf8')));
  } catch {
    return 'no JSON';
  }
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

function postingBytes(key: string, list: readonly number[]): Buffer {
  const name = Buffer.from(key);
  const bytes = Buffer.alloc(2 + name.length + 4 + list.length * 4);
  bytes.writeUInt16LE(name.length, 0);
  name.copy(bytes, 2);
  bytes.writeUInt32LE(list.length / 2, 2 + name.length);
  list.forEach((value, index) => bytes.writeUInt32LE(value, 2 + name.length + 4 + index * 4));
  return bytes;
}

function footer(tableOffset: number, count: number, header: Buffer, table: Buffer): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(tableOffset, 0);
  bytes.writeUInt32LE(count, 4);
  bytes.writeUInt32LE(header.length, 8);
  bytes.writeUInt32LE(crc32(header, crc32(table)), 12);
  return Buffer.concat([bytes, MAGIC]);
}
