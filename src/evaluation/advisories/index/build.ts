import { closeSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { replaceFile } from '../../../cache/advisories.js';
import { BackendError } from '../../../errors.js';
import { canonicalEcosystem } from '../distributions.js';
import { keyOf } from '../packages.js';
import { parseRecord } from '../parseRecord.js';
import type { BareStatement, ParsedRecord } from '../record.js';
import type { ZipFile } from '../sources/zip.js';
import { ByteWriter } from './byteWriter.js';
import { DenseWriter } from './dense.js';
import { hashOf, INDEX_VERSION, MAGIC, nameKey, TABLE_ROW_BYTES, type IndexHeader, type Place } from './format.js';

/** Statements of one package stand together; past so many characters what was gathered is written, and what follows makes entries of its own. */
const MOST_GATHERED = 12 * 1024 * 1024;
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

interface Row {
  readonly hash: number;
  readonly offset: number;
  readonly length: number;
}

class IndexWriter {
  private readonly out: ByteWriter;
  private readonly latest: string;
  /** By key, what its next entry will hold: the statements about a package, or the places of a name's records. */
  private readonly packages = new Map<string, DenseWriter>();
  private readonly names = new Map<string, Place[]>();
  private gatheredLength = 0;
  private readonly rows: Row[] = [];
  private readonly ecosystems = new Map<string, { records: number; newest: string | null }>();
  private records = 0;
  private newest: string | null = null;
  private readonly unreadable = { count: 0, examples: [] as string[] };

  constructor(file: number, now: number) {
    this.out = new ByteWriter(file);
    this.latest = new Date(now).toISOString();
  }

  async write(zip: ZipFile): Promise<void> {
    this.out.bytes(MAGIC);
    for await (const { entry, bytes } of zip.contents((one) => one.name.endsWith('.json'))) {
      const parsed = parseBytes(bytes);
      if (typeof parsed === 'string') this.tellUnreadable(entry.name, parsed);
      else if (!parsed.record.withdrawn) this.add(parsed);
    }
    this.finish();
  }

  private add({ record, statements }: ParsedRecord): void {
    const place = this.out.text(JSON.stringify(record));
    const date = later(this.past(record.modified), this.past(record.published));
    this.records += 1;
    this.newest = later(this.newest, date);
    for (const name of new Set([record.id, ...record.aliases])) this.gatherName(nameKey(name), place);
    const ecosystems = new Set<string>();
    for (const statement of statements) {
      ecosystems.add(canonicalEcosystem(statement.affected.ecosystem));
      this.gather(keyOf(statement.affected.ecosystem, statement.affected.name), statement, place);
    }
    for (const ecosystem of ecosystems) {
      const known = this.ecosystems.get(ecosystem) ?? { records: 0, newest: null };
      this.ecosystems.set(ecosystem, { records: known.records + 1, newest: later(known.newest, date) });
    }
    // not within a record: what it says of one package stays together
    if (this.gatheredLength > MOST_GATHERED) this.writeGathered();
  }

  private past(date: string): string | null {
    return /^\d{4}-\d\d-\d\dT/.test(date) && date <= this.latest ? date : null;
  }

  private tellUnreadable(name: string, why: string): void {
    this.unreadable.count += 1;
    if (this.unreadable.examples.length < MOST_EXAMPLES) this.unreadable.examples.push(`${name.slice(0, 80)} (${why.slice(0, 120)})`);
  }

  private gather(key: string, statement: BareStatement, place: Place): void {
    if (Buffer.byteLength(key) > LONGEST_KEY) return;
    let writer = this.packages.get(key);
    if (writer === undefined) this.packages.set(key, writer = new DenseWriter());
    this.gatheredLength += writer.add(statement, place);
  }

  private gatherName(key: string, place: Place): void {
    const list = this.names.get(key);
    if (list === undefined) this.names.set(key, [place]);
    else list.push(place);
    this.gatheredLength += key.length;
  }

  private writeGathered(): void {
    for (const [key, writer] of this.packages) this.entry(key, String(writer));
    for (const [key, places] of this.names) this.entry(key, JSON.stringify(places));
    this.packages.clear();
    this.names.clear();
    this.gatheredLength = 0;
  }

  private entry(key: string, json: string): void {
    const [offset, length] = this.out.keyed(key, json);
    this.rows.push({ hash: hashOf(key), offset, length });
  }

  private finish(): void {
    this.writeGathered();
    const table = tableOf(this.rows);
    const header: IndexHeader = {
      version: INDEX_VERSION, records: this.records, newest: this.newest, ecosystems: Object.fromEntries(this.ecosystems), unreadable: this.unreadable,
    };
    const headerBytes = Buffer.from(JSON.stringify(header));
    const [tableOffset] = this.out.bytes(table);
    this.out.bytes(headerBytes);
    this.out.bytes(footer(tableOffset, this.rows.length, headerBytes, table));
    this.out.flush();
  }
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

/** Sorted by hash, entries of one key in the order in which they were written. */
function tableOf(rows: readonly Row[]): Buffer {
  const table = Buffer.alloc(rows.length * TABLE_ROW_BYTES);
  [...rows].sort((a, b) => a.hash - b.hash || a.offset - b.offset).forEach(({ hash, offset, length }, index) => {
    [hash, offset, length].forEach((value, column) => table.writeUInt32LE(value, (column * rows.length + index) * 4));
  });
  return table;
}

function footer(tableOffset: number, count: number, header: Buffer, table: Buffer): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(tableOffset, 0);
  bytes.writeUInt32LE(count, 4);
  bytes.writeUInt32LE(header.length, 8);
  bytes.writeUInt32LE(crc32(header, crc32(table)), 12);
  return Buffer.concat([bytes, MAGIC]);
}
