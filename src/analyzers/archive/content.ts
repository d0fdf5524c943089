import { crc32, inflateRawSync } from 'node:zlib';
import type { UnpackBudget } from './budget.js';
import type { ZipArchive, ZipEntry } from './directory.js';
import { Fault } from './fault.js';

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;

/**
 * The content of one entry, at most `limit` bytes. A stored one is a view of the archive, not a copy.
 * An entry whose size, checksum or place is not what the directory says is a fault: Java would not load it either.
 */
export function readEntryBytes(archive: ZipArchive, entry: ZipEntry, limit: number, budget: UnpackBudget): Buffer | Fault {
  if (entry.encrypted) return new Fault('is encrypted');
  if (entry.size > limit) return new Fault(`has ${entry.size} bytes, more than the ${limit} that are read`);
  if (entry.size > budget.left) return new Fault('would unpack to more than the archive may');
  budget.spend(entry.size);
  const packed = packedBytes(archive.bytes, entry);
  if (packed instanceof Fault) return packed;
  const content = unpack(packed, entry);
  if (content instanceof Fault) return content;
  if (content.length !== entry.size) return new Fault('has another size than the directory says');
  return crc32(content) === entry.crc32 ? content : new Fault('has another checksum than the directory says');
}

function packedBytes(bytes: Buffer, entry: ZipEntry): Buffer | Fault {
  const at = entry.headerOffset;
  if (at + LOCAL_SIZE > bytes.length || bytes.readUInt32LE(at) !== LOCAL_SIGNATURE) return new Fault('is not where the directory says');
  const start = at + LOCAL_SIZE + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const end = start + entry.compressedSize;
  return end > bytes.length ? new Fault('reaches beyond the end of the archive') : bytes.subarray(start, end);
}

function unpack(packed: Buffer, entry: ZipEntry): Buffer | Fault {
  if (entry.method === STORED) return packed;
  if (entry.method !== DEFLATED) return new Fault(`is packed by method ${entry.method}, which is not read`);
  if (entry.size === 0) return Buffer.alloc(0);
  try {
    // one byte more than promised, so that a lie about the size shows
    return inflateRawSync(packed, { maxOutputLength: entry.size + 1 });
  } catch {
    return new Fault('cannot be unpacked: its data are broken, or more than the directory says');
  }
}
