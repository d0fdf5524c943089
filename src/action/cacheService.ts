import { setTimeout as sleep } from 'node:timers/promises';
import { warning } from '@actions/core';

/** Milliseconds that a step waits for the cache service. A restore takes seconds; one that hangs would hold the step for a quarter of an hour. */
export const PATIENCE = 30_000;

/** What came of asking for an entry: its key, none of that name, or no answer. */
export type Restored = { readonly key: string } | 'none' | 'unavailable';

/**
 * The runner's cache service. Whatever goes wrong with it is told as a warning, and is no error: it is a comfort.
 * One that has once kept the step waiting is not asked again.
 */
export class CacheService {
  private readonly patience: number;
  private isLost = false;

  /** @param patience milliseconds */
  constructor(patience = PATIENCE) {
    this.patience = patience;
  }

  /** Unpacks the entry of this key, else the newest whose key begins with the prefix. */
  async restore(folder: string, key: string, prefix: string): Promise<Restored> {
    const found = await this.patiently(async (): Promise<Restored> => {
      const cache = await import('@actions/cache');
      if (!cache.isFeatureAvailable()) return 'unavailable';
      const matched = await cache.restoreCache([folder], key, [prefix]);
      return matched === undefined ? 'none' : { key: matched };
    });
    return found ?? 'unavailable';
  }

  async save(folder: string, key: string): Promise<void> {
    await this.patiently(async () => {
      const cache = await import('@actions/cache');
      if (cache.isFeatureAvailable()) await cache.saveCache([folder], key);
    });
  }

  /** Undefined where the step did not work, or not in time. */
  async patiently<Value>(step: () => Promise<Value>): Promise<Value | undefined> {
    if (this.isLost) return undefined;
    const over = new AbortController();
    const late = sleep(this.patience, undefined, { signal: over.signal }).then(() => {
      this.isLost = true;
      throw new Error(`it did not answer within ${this.patience / 1000} seconds`);
    });
    try {
      return await Promise.race([step(), late]);
    } catch (error) {
      warning(`The cache could not be used (${error instanceof Error ? error.message : 'unknown'}): the scan goes on without it.`);
      return undefined;
    } finally {
      over.abort();
    }
  }
}
