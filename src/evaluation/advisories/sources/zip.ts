import { open, type FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { BackendError } from '../../../errors.js';
import { lazily } from '../../../report/readSection.js';

/**
 * Reads a zip file of many small files: APPNOTE.TXT of PKWARE, 4.3 and 4.5 (Zip64). Own code because an export has up to 300,000 entries,
 * each of which is checked against its CRC-32 and its stated size; libraries make a stream of each and check no sums.
 */
export interface ZipFile {
  /** Its table of contents, read when first asked for: who has its index already needs the identity alone. @throws BackendError where the table lies */
  entries(): readonly ZipEntry[];
  /** sha256 of the table of contents, which holds every entry's CRC-32: same identity, same contents. */
  readonly identity: string;
  /** Entries in the order of the file, each whole. */
  contents(wanted: (entry: ZipEntry) => boolean): AsyncIterable<ZipContent>;
  close(): Promise<void>;
}

export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly crc: number;
  readonly method: number;
  readonly offset: number;
}

export interface ZipContent {
  readonly entry: ZipEntry;
  readonly bytes: Buffer;
}

/** An advisory that claims more than this is none; OSV's largest (kernels) have some 3 MB. */
const LARGEST_ENTRY = 32 * 1024 * 1024;
/** OSV's largest export has some 300,000 records. */
const MOST_ENTRIES = 2_000_000;
/** Of all entries together; OSV's largest export unpacks to some 4 GB. */
const LARGEST_CONTENTS = 32 * 1024 * 1024 * 1024;
/** How much of the file is read at a time. */
const CHUNK = 4 * 1024 * 1024;

/** zlib's own lower bound: an entry is unpacked into one buffer of its size. */
const SMALLEST_CHUNK = 64;

const END = Buffer.from('PK\x05\x06', 'latin1');
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;

/**
 * @param path what messages call it
 * @throws BackendError where it is not a whole zip file
 */
export async function openZip(place: string, path = place): Promise<ZipFile> {
  const file = await open(place, 'r').catch((error: unknown) => {
    throw new BackendError(`The advisories ${path} cannot be opened (${error instanceof Error ? error.message : 'unreadable'}). Download them again.`, { cause: error });
  });
  try {
    const { size } = await file.stat();
    const { table, count } = await readTable(file, size, path);
    const entries = lazily(() => parseTable(table, count, size, path));
    const identity = createHash('sha256').update(table).digest('hex');
    return { entries, identity, contents: (wanted) => contents(file, path, entries().filter(wanted)), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function damaged(path: string, what: string): BackendError {
  return new BackendError(`The advisories ${path} are not a whole zip file: ${what}. Download them again.`);
}

async function readTable(file: FileHandle, size: number, path: string): Promise<{ readonly table: Buffer; readonly count: number }> {
  const tail = await readAt(file, Math.max(0, size - END_BYTES - LONGEST_COMMENT - 20), Math.min(size, END_BYTES + LONGEST_COMMENT + 20));
  const end = endIn(tail);
  if (end < 0) throw damaged(path, 'its end is missing');
  let count = tail.readUInt16LE(end + 10);
  let length = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  if (count === 0xffff || length === 0xffffffff || offset === 0xffffffff) {
    const record = await readZip64(file, tail, end);
    if (record === null) throw damaged(path, 'its Zip64 end is missing');
    ({ count, length, offset } = record);
  }
  if (count > MOST_ENTRIES || offset + length > size || length < count * CENTRAL_BYTES) throw damaged(path, 'its table of contents does not fit');
  return { table: await readAt(file, offset, length), count };
}

/** Where the end record is: the last whose comment goes to the end of the file, since a comment may hold what looks like another. */
function endIn(tail: Buffer): number {
  for (let at = tail.lastIndexOf(END); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(END, at - 1)) {
    if (at + END_BYTES <= tail.length && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return -1;
}

async function readZip64(file: FileHandle, tail: Buffer, end: number): Promise<{ count: number; length: number; offset: number } | null> {
  const locator = end - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50) return null;
  const record = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
  if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) return null;
  return { count: Number(record.readBigUInt64LE(32)), length: Number(record.readBigUInt64LE(40)), offset: Number(record.readBigUInt64LE(48)) };
}

function parseTable(table: Buffer, count: number, fileSize: number, path: string): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let total = 0;
  for (let at = 0; at + CENTRAL_BYTES <= table.length && table.readUInt32LE(at) === 0x02014b50;) {
    const nameLength = table.readUInt16LE(at + 28);
    const extraLength = table.readUInt16LE(at + 30);
    const next = at + CENTRAL_BYTES + nameLength + extraLength + table.readUInt16LE(at + 32);
    if (next > table.length) throw damaged(path, 'its table of contents is cut');
    const name = table.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength);
    const sizes = entrySizes(table, at, table.subarray(at + CENTRAL_BYTES + nameLength, at + CENTRAL_BYTES + nameLength + extraLength));
    const entry = { name, crc: table.readUInt32LE(at + 16), method: table.readUInt16LE(at + 10), ...sizes };
    if (entry.size > LARGEST_ENTRY) throw damaged(path, `${JSON.stringify(name.slice(0, 80))} claims to have ${entry.size} bytes, more than ${LARGEST_ENTRY}`);
    if (entry.offset + LOCAL_BYTES + entry.compressedSize > fileSize) throw damaged(path, `${JSON.stringify(name.slice(0, 80))} lies outside of it`);
    total += entry.size;
    entries.push(entry);
    at = next;
  }
  // a table that stops early would hide advisories
  if (entries.length !== count) throw damaged(path, `its table of contents has ${entries.length} entries of ${count}`);
  if (total > LARGEST_CONTENTS) throw damaged(path, `its contents claim to have ${total} bytes, more than ${LARGEST_CONTENTS}`);
  return entries;
}

function entrySizes(table: Buffer, at: number, extra: Buffer): Pick<ZipEntry, 'size' | 'compressedSize' | 'offset'> {
  const values = { size: table.readUInt32LE(at + 24), compressedSize: table.readUInt32LE(at + 20), offset: table.readUInt32LE(at + 42) };
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    if (extra.readUInt16LE(field) !== 1) continue;
    let place = field + 4;
    for (const key of ['size', 'compressedSize', 'offset'] as const) {
      if (values[key] !== 0xffffffff || place + 8 > extra.length) continue;
      values[key] = Number(extra.readBigUInt64LE(place));
      place += 8;
    }
  }
  return values;
}

/** Reads the file once from front to back, whatever the order of its table. */
async function* contents(file: FileHandle, path: string, entries: readonly ZipEntry[]): AsyncIterable<ZipContent> {
  let window: Buffer = Buffer.alloc(0);
  let start = 0;
  const at = async (offset: number, length: number): Promise<Buffer> => {
    if (offset < start || offset + length > start + window.length) {
      window = await readAt(file, offset, Math.max(CHUNK, length));
      start = offset;
    }
    return window.subarray(offset - start, offset - start + length);
  };
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    const local = await at(entry.offset, LOCAL_BYTES);
    if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== 0x04034b50) throw damaged(path, `${JSON.stringify(entry.name.slice(0, 80))} is not where the table says`);
    const data = await at(entry.offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28), entry.compressedSize);
    yield { entry, bytes: unpack(entry, data, path) };
  }
}

function unpack(entry: ZipEntry, data: Buffer, path: string): Buffer {
  const name = JSON.stringify(entry.name.slice(0, 80));
  if (data.length !== entry.compressedSize) throw damaged(path, `${name} is cut`);
  if (entry.method !== 0 && entry.method !== 8) throw damaged(path, `${name} is compressed by method ${entry.method}, which nobody exports`);
  let bytes: Buffer;
  try {
    bytes = entry.method === 0 ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, entry.size), chunkSize: Math.max(SMALLEST_CHUNK, entry.size) });
  } catch (error) {
    throw new BackendError(damaged(path, `${name} does not unpack to what it claims`).message, { cause: error });
  }
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw damaged(path, `${name} does not have the contents that the table says`);
  return bytes;
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
