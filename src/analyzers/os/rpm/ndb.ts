import { ContainerError, type Broken } from './container.js';

/**
 * rpm's own database (`Packages.db`, SUSE since SLE 15 SP2): slots that point to blobs, little-endian.
 * Source: rpm's lib/backend/ndb/rpmpkg.c.
 */
const MAGIC = 'RpmP';
const SLOT_MAGIC = 'Slot';
const BLOB_MAGIC = 'BlbS';
const SLOT_BYTES = 16;
const SLOT_PAGE = 4096;
/** The first two slots' place is taken by the database's own header. */
const HEADER_SLOTS = 2;
const BLOCK = 16;
const BLOB_HEAD = 16;

/** By its first four bytes. */
export function isNdb(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === MAGIC;
}

/** Headers of an ndb, one after the other; what could not be read is told and left out. */
export function* ndbHeaders(bytes: Buffer, broken: Broken): Generator<Buffer> {
  if (bytes.length < HEADER_SLOTS * SLOT_BYTES) throw new ContainerError(`ends after ${bytes.length} bytes`);
  if (bytes.readUInt32LE(4) !== 0) throw new ContainerError(`is of the unknown version ${bytes.readUInt32LE(4)}`);
  const slotBytes = bytes.readUInt32LE(12) * SLOT_PAGE;
  if (slotBytes > bytes.length) broken('ends before its slots do');
  // blobs do not overlap: all of them together are not longer than the file
  let left = bytes.length;
  for (let at = HEADER_SLOTS * SLOT_BYTES; at + SLOT_BYTES <= Math.min(slotBytes, bytes.length); at += SLOT_BYTES) {
    const blob = blobOf(bytes, at, broken);
    if (blob === undefined) continue;
    left -= blob.length;
    if (left < 0) throw new ContainerError('has slots that share their bytes');
    yield blob;
  }
}

function blobOf(bytes: Buffer, slot: number, broken: Broken): Buffer | undefined {
  const number = bytes.readUInt32LE(slot + 4);
  if (bytes.toString('latin1', slot, slot + 4) !== SLOT_MAGIC) {
    broken(`has a slot at byte ${slot} that is none`);
    return undefined;
  }
  if (number === 0) return undefined;
  const at = bytes.readUInt32LE(slot + 8) * BLOCK;
  const isBlob = at + BLOB_HEAD <= bytes.length && bytes.toString('latin1', at, at + 4) === BLOB_MAGIC && bytes.readUInt32LE(at + 4) === number;
  const length = isBlob ? bytes.readUInt32LE(at + 12) : 0;
  if (!isBlob || at + BLOB_HEAD + length > bytes.length) {
    broken(`says that package ${number} is at byte ${at}, where it is not`);
    return undefined;
  }
  return bytes.subarray(at + BLOB_HEAD, at + BLOB_HEAD + length);
}
