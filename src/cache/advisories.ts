import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where below the cache folder advisories are kept. */
export interface AdvisoryFolders {
  /** Answers and records of the public service. */
  readonly service: string;
  /** Exports that were downloaded from a URL. */
  readonly exports: string;
  /** Indexes of exports. */
  readonly indexes: string;
}

export function advisoryFolders(cacheDir: string): AdvisoryFolders {
  const root = join(cacheDir, 'advisories');
  return { service: join(root, 'osv'), exports: join(root, 'exports'), indexes: join(root, 'indexes') };
}

/** @returns what a JSON file holds; undefined where there is none, or none that is whole */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Writes a JSON file, whole or not at all. A cache that cannot be written is no error: the next run asks again. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await replaceFile(path, async (partial) => writeFile(partial, JSON.stringify(value))).catch(() => undefined);
}

/** Has a file written beside its place, and moves it there only when it is whole: other processes see the old one or the new one. */
export async function replaceFile<Result>(path: string, write: (partial: string) => Promise<Result>): Promise<Result> {
  const partial = `${path}.${randomUUID()}.partial`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const result = await write(partial);
    await rename(partial, path);
    return result;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}
