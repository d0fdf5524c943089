import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readEntryBytes, writeEntry } from './entryFile.js';
import { prune } from './prune.js';

/** Raised when what a report is made of changes. */
const FORMAT = 1;

/** Characters: a report of some 100,000 files; a larger one is put together anew from its layers' facts. */
export const LARGEST_REPORT = 128 * 1024 * 1024;

/** Some hundred images of usual size; beyond it those least recently used go. */
const LARGEST_FOLDER = 256 * 1024 * 1024;

/** Whole reports of images that were scanned before. */
export interface ReportStore {
  /** The report's bytes; undefined where it is not kept, or not whole. */
  get(key: string): Promise<Buffer | undefined>;
  put(key: string, text: string): Promise<void>;
}

/** Keeps reports as files, one for each key. */
export function reportFolder(folder: string): ReportStore {
  const pathOf = (key: string): string => join(folder, `${key}.report`);
  return {
    get: async (key) => readEntryBytes(pathOf(key)),
    put: async (key, text) => {
      if (text === '' || text.length > LARGEST_REPORT) return;
      if (await writeEntry(pathOf(key), text) > 0) await prune(folder, LARGEST_FOLDER);
    },
  };
}

/**
 * Names a report by all that it is made of.
 * @param build the code that puts it together
 * @param made plain data: who the image is, the analyzers, the Dockerfile …
 */
export function reportKey(build: string, made: unknown): string {
  return createHash('sha256').update(JSON.stringify([FORMAT, build, made])).digest('hex');
}
