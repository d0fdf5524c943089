import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { bytesIn, openBlocks, writeBlocks, type BlockFile, type WrittenBlock } from './blockFile.js';
import { prune } from './prune.js';

/** Raised when what a report is made of changes. */
const FORMAT = 2;

/** Bytes: a report of some 100,000 files; a larger one is put together anew from its layers' facts. */
const LARGEST_REPORT = 128 * 1024 * 1024;

/** Some ten images of usual size; beyond it those least recently used go. A runner's cache carries all of it to and fro, a sixth of it when packed. */
const LARGEST_FOLDER = 128 * 1024 * 1024;

/** Whole reports of images that were scanned before. */
export interface ReportStore {
  /** Undefined where it is not kept. Whoever opens it closes it. */
  open(key: string): BlockFile | undefined;
  put(key: string, blocks: ReadonlyMap<string, WrittenBlock>): Promise<void>;
}

/** Keeps reports as files, one for each key. */
export function reportFolder(folder: string): ReportStore {
  const pathOf = (key: string): string => join(folder, `${key}.report`);
  return {
    open: (key) => openBlocks(pathOf(key)),
    put: async (key, blocks) => {
      const bytes = [...blocks.values()].reduce((sum, block) => sum + bytesIn(block), 0);
      if (bytes > LARGEST_REPORT) return;
      if (await writeBlocks(pathOf(key), blocks) > 0) await prune(folder, LARGEST_FOLDER);
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
