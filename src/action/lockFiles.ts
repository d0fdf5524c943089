import { readFileSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isLockFile, type LockFile } from '../output/lockFiles.js';

/** Larger lock files are not searched for lines. */
const LARGEST = 20 * 1024 * 1024;

/** A monorepo's packages stand one or two folders down; deeper ones are not worth the walk. */
const DEPTH = 3;

/** A workspace of more folders, more lock files or more bytes of them costs more than annotations are worth: what is nearest the root is read. */
const FOLDERS = 5_000;
const FILES = 500;
const BYTES = 100 * 1024 * 1024;

/** Folders that hold other people's lock files. */
const FOREIGN = new Set(['node_modules', '.git', 'vendor', '.venv', 'target', 'dist']);

/** The lock files of a workspace, those near its root first. Links are not followed: they may lead out of it. */
export function workspaceLockFiles(workspace: string): LockFile[] {
  const found: LockFile[] = [];
  let bytes = 0;
  let folders = [''];
  let walked = 0;
  for (let depth = 0; depth <= DEPTH; depth++) {
    const below: string[] = [];
    for (const folder of folders) {
      if (++walked > FOLDERS) return found;
      for (const entry of readFolder(join(workspace, folder))) {
        if (entry.isDirectory() && !FOREIGN.has(entry.name)) below.push(`${folder}${entry.name}/`);
        if (!entry.isFile() || !isLockFile(entry.name)) continue;
        const file = readLockFile(workspace, `${folder}${entry.name}`);
        bytes += file?.text.length ?? 0;
        if (found.length >= FILES || bytes > BYTES) return found;
        if (file !== undefined) found.push(file);
      }
    }
    folders = below;
  }
  return found;
}

/** Annotations are a comfort: what cannot be read has none. */
function readLockFile(workspace: string, path: string): LockFile | undefined {
  try {
    const file = join(workspace, path);
    return statSync(file).size > LARGEST ? undefined : { path, text: readFileSync(file, 'utf8') };
  } catch {
    return undefined;
  }
}

function readFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // a folder that cannot be read has none either
    return [];
  }
}
