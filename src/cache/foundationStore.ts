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
  /** That of as many of an image's layers as there is one for, base first; they go by name (see keptAs). Whoever opens it closes it. */
  longest(layers: readonly string[]): BlockFile | undefined;
  put(layers: readonly string[], blocks: ReadonlyMap<string, Buffer>): Promise<void>;
}

/**
 * Keeps foundations as files.
 * @param made plain text: the code and the analyzers that they were made with
 */
export function foundationFolder(folder: string, made: string): FoundationStore {
  const pathOf = (layers: readonly string[]): string =>
    join(folder, `${createHash('sha256').update(JSON.stringify([FORMAT, made, layers])).digest('hex')}.foundation`);
  return {
    longest: (layers) => {
      for (let count = layers.length; count > 0; count--) {
        const found = openBlocks(pathOf(layers.slice(0, count)));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    put: async (layers, blocks) => {
      const bytes = [...blocks.values()].reduce((sum, { length }) => sum + length, 0);
      if (bytes > LARGEST) return;
      if (await writeBlocks(pathOf(layers), blocks) > 0) await prune(folder, LARGEST_FOLDER);
    },
  };
}
