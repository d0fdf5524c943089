import { Fault } from './fault.js';

/** One file of a zip archive, as its central directory states it. */
export interface ZipEntry {
  /** As written, with `/` between folders; bytes that are no UTF-8 are read as Latin-1. */
  readonly name: string;
  /** 0 stored, 8 deflated; others are not read. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc32: number;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes of content, as the archive says. */
  readonly size: number;
  /** Where its local header starts in the buffer. */
  readonly headerOffset: number;
}

export interface ZipArchive {
  readonly bytes: Buffer;
  /** In the order of the central directory, folders left out. */
  readonly entries: readonly ZipEntry[];
}

/** Entries that one archive may have: the JDK's largest jar has 30,000; a million would be 46 MB of directory alone. */
const MOST_ENTRIES = 500_000;

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_SIZE = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_SIZE = 56;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_SIZE = 46;
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffffffff;
const FLAG_ENCRYPTED = 0x1;

interface End {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
  /** Where the end record (or its zip64 one) starts: the directory lies right before. */
  readonly position: number;
}

/**
 * Reads a zip archive's central directory. Bytes before the archive (a shell script in front of an executable jar) are allowed.
 * Source of the format: PKWARE APPNOTE 6.3.10, 4.3.12 to 4.3.16.
 */
export function readZip(bytes: Buffer): ZipArchive | Fault {
  const end = findEnd(bytes);
  if (end instanceof Fault) return end;
  if (end.count > MOST_ENTRIES) return new Fault(`says it has ${end.count} entries, more than the ${MOST_ENTRIES} that are read`);
  const start = end.position - end.size;
  if (start < 0 || end.count * CENTRAL_SIZE > end.size) return new Fault('has a directory that does not fit into it');
  // offsets count from the archive's own start, which an executable jar has behind its script
  const shift = Math.max(0, start - end.offset);
  return readEntries(bytes, start, end, shift);
}

function findEnd(bytes: Buffer): End | Fault {
  const first = Math.max(0, bytes.length - END_SIZE - LONGEST_COMMENT);
  for (let at = bytes.length - END_SIZE; at >= first; at -= 1) {
    if (bytes[at] !== 0x50 || bytes.readUInt32LE(at) !== END_SIGNATURE) continue;
    const end = {
      count: bytes.readUInt16LE(at + 10), size: bytes.readUInt32LE(at + 12), offset: bytes.readUInt32LE(at + 16), position: at,
    };
    const needsZip64 = end.count === IN_ZIP64_16 || end.size === IN_ZIP64_32 || end.offset === IN_ZIP64_32;
    return (needsZip64 ? findZip64End(bytes, at) : undefined) ?? end;
  }
  return new Fault('is no zip archive: it has no end record');
}

function findZip64End(bytes: Buffer, position: number): End | undefined {
  const locator = position - ZIP64_LOCATOR_SIZE;
  if (locator < 0 || bytes.readUInt32LE(locator) !== ZIP64_LOCATOR_SIGNATURE) return undefined;
  // the locator's own offset is wrong where a script is in front; the record lies right before the locator either way
  for (const at of [Number(bytes.readBigUInt64LE(locator + 8)), locator - ZIP64_END_SIZE]) {
    if (at < 0 || at + ZIP64_END_SIZE > bytes.length || bytes.readUInt32LE(at) !== ZIP64_END_SIGNATURE) continue;
    return {
      count: Number(bytes.readBigUInt64LE(at + 32)), size: Number(bytes.readBigUInt64LE(at + 40)),
      offset: Number(bytes.readBigUInt64LE(at + 48)), position: at,
    };
  }
  return undefined;
}

function readEntries(bytes: Buffer, start: number, end: End, shift: number): ZipArchive | Fault {
  const entries: ZipEntry[] = [];
  let at = start;
  for (let index = 0; index < end.count; index += 1) {
    if (at + CENTRAL_SIZE > end.position || bytes.readUInt32LE(at) !== CENTRAL_SIGNATURE) return new Fault('has a directory that is cut or broken');
    const nameEnd = at + CENTRAL_SIZE + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    if (extraEnd > end.position) return new Fault('has a directory that is cut or broken');
    const name = entryName(bytes.subarray(at + CENTRAL_SIZE, nameEnd));
    if (!name.endsWith('/')) entries.push(readEntry(bytes, at, name, bytes.subarray(nameEnd, extraEnd), shift));
    at = extraEnd + bytes.readUInt16LE(at + 32);
  }
  return { bytes, entries };
}

function readEntry(bytes: Buffer, at: number, name: string, extra: Buffer, shift: number): ZipEntry {
  const sizes = zip64Sizes(extra, bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42));
  return {
    name,
    method: bytes.readUInt16LE(at + 10),
    encrypted: (bytes.readUInt16LE(at + 8) & FLAG_ENCRYPTED) !== 0,
    crc32: bytes.readUInt32LE(at + 16),
    size: sizes.size,
    compressedSize: sizes.compressedSize,
    headerOffset: sizes.headerOffset + shift,
  };
}

/** Sizes that do not fit into 32 bits stand in extra field 1, in this order and only where they are needed (APPNOTE 4.5.3). */
function zip64Sizes(extra: Buffer, size: number, compressedSize: number, headerOffset: number): Pick<ZipEntry, 'size' | 'compressedSize' | 'headerOffset'> {
  const values = [size, compressedSize, headerOffset];
  let field = values.includes(IN_ZIP64_32) ? zip64Field(extra) : Buffer.alloc(0);
  for (const [index, value] of values.entries()) {
    if (value !== IN_ZIP64_32 || field.length < 8) continue;
    values[index] = Number(field.readBigUInt64LE(0));
    field = field.subarray(8);
  }
  const [whole = 0, compressed = 0, offset = 0] = values;
  return { size: whole, compressedSize: compressed, headerOffset: offset };
}

function zip64Field(extra: Buffer): Buffer {
  let at = 0;
  while (at + 4 <= extra.length) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return Buffer.alloc(0);
}

function entryName(raw: Buffer): string {
  const utf8 = raw.toString('utf8');
  return (utf8.includes('\ufffd') ? raw.toString('latin1') : utf8).replaceAll('\\', '/');
}
