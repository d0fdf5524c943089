/** Largest text file that is searched, in bytes. Generated data and bundles above it hold no secret that somebody wrote. */
export const MAX_TEXT_BYTES = 5 * 1024 * 1024;

/** Whether bytes are text, judged as git does: no NUL in the beginning; or UTF-16, which Windows' tools write. */
export function isText(head: Buffer): boolean {
  return !head.includes(0) || isUtf16(head) !== undefined;
}

/** Characters by which UTF-16 without a mark is told. */
const JUDGED = 16;

/** By its byte order mark, or by NULs in every other place where ASCII is. */
function isUtf16(head: Buffer): 'little' | 'big' | undefined {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfffe) return 'little';
  if (mark === 0xfeff) return 'big';
  const units = Array.from({ length: Math.min(JUDGED, head.length >> 1) }, (_, index) => head.readUInt16LE(2 * index));
  if (units.length < JUDGED) return undefined;
  if (units.every((unit) => unit >= 9 && unit < 0x7f)) return 'little';
  return units.every((unit) => (unit & 0xff) === 0 && unit >> 8 >= 9 && unit >> 8 < 0x7f) ? 'big' : undefined;
}

/** A text's bytes as rules read them: as they are, or UTF-8 of UTF-16. Lines stay what they were. */
export function textOf(bytes: Buffer): Buffer {
  const order = isUtf16(bytes.subarray(0, 2 * JUDGED));
  if (order === undefined) return bytes;
  const even = bytes.subarray(0, bytes.length & ~1);
  return Buffer.from((order === 'little' ? even : Buffer.from(even).swap16()).toString('utf16le'), 'utf8');
}

/** Lines (from 0) of ascending offsets, in one pass; a line ends in LF, as for Python's `readlines()`. */
export function linesOf(bytes: Buffer, offsets: readonly number[]): readonly number[] {
  let line = 0;
  let next = bytes.indexOf(0x0a);
  return offsets.map((offset) => {
    while (next >= 0 && next < offset) {
      line += 1;
      next = bytes.indexOf(0x0a, next + 1);
    }
    return line;
  });
}
