import { readFileSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILES, type LockFile } from '../output/lockFiles.js';

/** Larger lock files are not searched for lines. */
const LARGEST = 20 * 1024 * 1024;

/** A monorepo's packages stand one or two folders down; deeper ones are not worth the walk. */
const DEPTH = 3;

/** Folders that hold other people's lock files. */
const FOREIGN = new Set(['node_modules', '.git', 'vendor', '.venv', 'target', 'dist']);

/** The lock files of a workspace, those near its root first. */
export function workspaceLockFiles(workspace: string): LockFile[] {
  return walk(workspace, '', DEPTH);
}

function walk(workspace: string, folder: string, depth: number): LockFile[] {
  const entries = readFolder(join(workspace, folder));
  const names = new Set<string>(LOCK_FILES);
  const here = entries.filter((entry) => entry.isFile() && names.has(entry.name)).map(({ name }) => `${folder}${name}`)
    .filter((path) => statSync(join(workspace, path)).size <= LARGEST)
    .map((path) => ({ path, text: readFileSync(join(workspace, path), 'utf8') }));
  const below = depth === 0 ? [] : entries.filter((entry) => entry.isDirectory() && !FOREIGN.has(entry.name));
  return [...here, ...below.flatMap(({ name }) => walk(workspace, `${folder}${name}/`, depth - 1))];
}

function readFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    // annotations are a comfort: a folder that cannot be read has none
    return [];
  }
}

