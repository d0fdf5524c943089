import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes the entries that were used least recently until the folder has at most `bytes`. */
export async function prune(folder: string, bytes: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = (await Promise.all(names.map(async (name) => {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() === true ? [{ path, size: found.size, used: found.mtimeMs }] : [];
  }))).flat();
  let kept = 0;
  for (const { path, size } of files.sort((a, b) => b.used - a.used)) {
    kept += size;
    if (kept > bytes) await rm(path, { force: true }).catch(() => undefined);
  }
}
