import type { Evaluations } from './evaluations.js';
import type { Progress, Store } from './store/store.js';

export interface EverythingOptions {
  readonly store: Store;
  readonly evaluations: Evaluations;
  readonly later: (queue: string, step: () => Promise<void>) => void;
  /** True once the server is about to end: what is left is not begun. */
  readonly stopping: () => boolean;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly now: () => Date;
}

/** Milliseconds between two notes of how far it is. */
const NOTE_EVERY = 1000;

/** A progress that is not noted for so long belongs to a process that is gone (milliseconds). */
const GONE_AFTER = 60_000;

/** Images that are on their way at once: while one is evaluated by each worker, the next are fetched. Others who ask wait for no more than these. */
const AT_ONCE = 4;

/** Evaluates every image of an account again, and says how far it is: to the log, and in the store for whichever replica is asked. */
export class Everything {
  private readonly options: EverythingOptions;

  constructor(options: EverythingOptions) {
    this.options = options;
  }

  /** Begins, unless it runs already: then that one's progress is given, and `began` is false. */
  async begin(account: string): Promise<{ readonly began: boolean; readonly progress: Progress }> {
    const { store, later, now } = this.options;
    const running = await store.progress(account);
    if (running !== undefined && this.stateOf(running) === 'running') return { began: false, progress: running };
    const digests = await store.digests(account);
    const at = now().getTime();
    const progress: Progress = { total: digests.length, done: 0, failed: 0, changed: 0, startedAt: at, updatedAt: at, finishedAt: undefined };
    await store.setProgress(account, progress);
    later(`evaluation of all images of ${account}`, () => this.run(account, digests, progress));
    return { began: true, progress };
  }

  stateOf({ finishedAt, updatedAt }: Progress): 'finished' | 'running' | 'interrupted' {
    if (finishedAt !== undefined) return 'finished';
    return this.options.now().getTime() - updatedAt > GONE_AFTER ? 'interrupted' : 'running';
  }

  private async run(account: string, digests: readonly string[], begun: Progress): Promise<void> {
    const { store, stopping, log, now } = this.options;
    let progress = begun;
    const left = digests.values();
    const one = async (): Promise<void> => {
      for (const digest of left) {
        if (stopping()) return;
        const { failed, changed } = await this.evaluate(account, digest);
        progress = { ...progress, done: progress.done + 1, failed: progress.failed + failed, changed: progress.changed + changed };
        if (now().getTime() - progress.updatedAt < NOTE_EVERY) continue;
        progress = { ...progress, updatedAt: now().getTime() };
        log('evaluating all', { account, done: progress.done, of: progress.total, changed: progress.changed, failed: progress.failed });
        await store.setProgress(account, progress).catch((error: unknown) => log('progress not noted', { account, error: messageOf(error) }));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    const at = now().getTime();
    // what a stop has cut short is interrupted, and says so at once
    const end = progress.done === progress.total ? { updatedAt: at, finishedAt: at } : { updatedAt: 0 };
    await store.setProgress(account, { ...progress, ...end });
    log('evaluated all', { account, done: progress.done, of: progress.total, changed: progress.changed, failed: progress.failed, seconds: (at - begun.startedAt) / 1000 });
  }

  /** Of one image under all of its names: 1 where any failed, 1 where any verdict changed. */
  private async evaluate(account: string, digest: string): Promise<{ failed: number; changed: number }> {
    const { store, evaluations, log } = this.options;
    try {
      const names = (await store.image(account, digest))?.names ?? [];
      const made = names.length === 0 ? [] : await evaluations.evaluate(account, digest, names);
      return { failed: 0, changed: made.some(({ before, verdict }) => before !== verdict) ? 1 : 0 };
    } catch (error) {
      log('evaluation failed', { account, digest, error: messageOf(error) });
      return { failed: 1, changed: 0 };
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
