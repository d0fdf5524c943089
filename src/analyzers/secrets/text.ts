/** Largest text file that is searched, in bytes. Generated data and bundles above it hold no secret that somebody wrote. */
export const MAX_TEXT_BYTES = 5 * 1024 * 1024;

/** Whether bytes are text, judged as git does: no NUL in the beginning. UTF-16 counts as binary. */
export function isText(head: Buffer): boolean {
  return !head.includes(0);
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
