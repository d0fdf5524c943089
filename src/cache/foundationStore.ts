import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openBlocks, writeBlocks, type BlockFile } from './blockFile.js';
import { prune } from './prune.js';

/** Raised when what is kept changes its shape. */
const FORMAT = 1;

/** Bytes: of some 100,000 files. Of a larger image the layers' facts alone are kept. */
const LARGEST = 192 * 1024 * 1024;

/** Some twelve images of usual size; beyond it those least recently used go. A runner's cache carries all of it to and fro, a sixth of it when packed. */
const LARGEST_FOLDER = 256 * 1024 * 1024;

/** What is kept of lower layers laid over each other: see report/foundation. */
export interface FoundationStore {
  /** That of as many of an image's layers as there is one for, base first. Whoever opens it closes it. */
  longest(diffIds: readonly string[]): BlockFile | undefined;
  put(diffIds: readonly string[], blocks: ReadonlyMap<string, Buffer>): Promise<void>;
}

/**
 * Keeps foundations as files.
 * @param made plain text: the code and the analyzers that they were made with
 */
export function foundationFolder(folder: string, made: string): FoundationStore {
  const pathOf = (diffIds: readonly string[]): string =>
    join(folder, `${createHash('sha256').update(JSON.stringify([FORMAT, made, diffIds])).digest('hex')}.foundation`);
  return {
    longest: (diffIds) => {
      for (let layers = diffIds.length; layers > 0; layers--) {
        const found = openBlocks(pathOf(diffIds.slice(0, layers)));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    put: async (diffIds, blocks) => {
      const bytes = [...blocks.values()].reduce((sum, { length }) => sum + length, 0);
      if (bytes > LARGEST) return;
      if (await writeBlocks(pathOf(diffIds), blocks) > 0) await prune(folder, LARGEST_FOLDER);
    },
  };
}
