import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Analyzer } from '../analyzers/analyzer.js';
import type { LayerFacts } from '../image/layer.js';
import type { LayerStore } from '../lanes/store.js';
import { sortedJson } from '../text/order.js';
import { readEntry, writeEntry } from './entryFile.js';
import { prune } from './prune.js';

/** Raised when the shape of what is kept changes. */
const FORMAT = 1;

/** Facts of some hundred base images; beyond it those least recently used go. */
const LARGEST_FOLDER = 1024 * 1024 * 1024;

/**
 * Keeps facts about layers as files, one a layer: named by the layer, the analyzers, their versions and settings.
 * An entry that is not whole, or speaks of another layer, is forgotten.
 */
export function layerFolder(folder: string, analyzers: readonly Analyzer[]): LayerStore & { close(): Promise<void> } {
  const fingerprint = fingerprintOf(analyzers);
  const pathOf = (name: string): string => join(folder, `${createHash('sha256').update(`${name}\n${fingerprint}`).digest('hex')}.facts`);
  let written = 0;
  return {
    has: async (name) => access(pathOf(name)).then(() => true, () => false),
    get: async (name) => {
      const text = await readEntry(pathOf(name));
      return text === undefined ? undefined : factsIn(text, name);
    },
    put: async (name, facts) => {
      written += await writeEntry(pathOf(name), JSON.stringify(facts));
    },
    close: async () => {
      if (written > 0) await prune(folder, LARGEST_FOLDER);
    },
  };
}

/** All that facts depend on, but for the layer's bytes. */
export function fingerprintOf(analyzers: readonly Analyzer[]): string {
  return sortedJson([FORMAT, analyzers.map(({ name, version, settings }) => [name, version, settings ?? null])]);
}

/** @param name the layer's diff ID, and maybe more behind a space */
function factsIn(text: string, name: string): LayerFacts | undefined {
  try {
    const facts = JSON.parse(text) as LayerFacts;
    return facts.diffId === name.split(' ')[0] && Array.isArray(facts.entries) ? facts : undefined;
  } catch {
    return undefined;
  }
}
