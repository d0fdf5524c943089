import { open } from 'node:fs/promises';

/** Systems take at most 1,024 pieces at once, and leave off the rest in silence, as they do where a disk becomes full. */
const AT_ONCE = 512;

/**
 * Writes pieces as a file, one after the other, without putting them together before. Gives how many bytes it has.
 * @param flags as of fs.open: `wx` where the file must not be there
 * @throws Error with a `code`, as node's own, where not all of them could be written
 */
export async function writePieces(path: string, pieces: readonly Buffer[], flags: 'w' | 'wx'): Promise<number> {
  const full = pieces.filter(({ length }) => length > 0);
  const file = await open(path, flags);
  let bytes = 0;
  try {
    for (let at = 0; at < full.length; at += AT_ONCE) {
      const some = full.slice(at, at + AT_ONCE);
      const { bytesWritten } = await file.writev(some);
      if (bytesWritten < some.reduce((sum, { length }) => sum + length, 0)) throw Object.assign(new Error('ENOSPC: the disk is full'), { code: 'ENOSPC' });
      bytes += bytesWritten;
    }
  } finally {
    await file.close();
  }
  return bytes;
}
