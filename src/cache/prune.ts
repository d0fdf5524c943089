import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What this folder's stores write; whatever else somebody put there is theirs. */
const OURS = /^[0-9a-f]{64}\.(?:facts|foundation|report)(\.[0-9a-f-]{36}\.partial)?$/;
/** Milliseconds: nobody writes one file for an hour, so whoever began it was stopped. */
const LONGEST_WRITE = 60 * 60 * 1000;

/** Removes the entries that were used least recently until the folder has at most `bytes`, and what was never written to its end. */
export async function prune(folder: string, bytes: number, now = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = (await Promise.all(names.map(async (name) => {
    const match = OURS.exec(name);
    const path = join(folder, name);
    const found = match === null ? undefined : await lstat(path).catch(() => undefined);
    if (found?.isFile() !== true) return [];
    const isLeftOver = match?.[1] !== undefined && now - found.mtimeMs > LONGEST_WRITE;
    return [{ path, size: found.size, used: isLeftOver ? -Infinity : found.mtimeMs }];
  }))).flat();
  let kept = 0;
  for (const { path, size, used } of files.sort((a, b) => b.used - a.used)) {
    kept += size;
    if (kept > bytes || used === -Infinity) await rm(path, { force: true }).catch(() => undefined);
  }
}
