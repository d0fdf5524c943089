import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdvisorySource } from '../evaluation/advisories/open.js';

export interface LiveOptions {
  readonly spec: string;
  readonly open: () => Promise<AdvisorySource | null>;
  readonly now: () => Date;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Exports of an ecosystem, and when they were written (RFC 3339; empty where that is not known). */
export interface Feed {
  readonly ecosystem: string;
  readonly updatedAt: string;
}

/** How often a directory is looked at (milliseconds): so soon do evaluations use what was put there. */
const LOOK_EVERY = 2000;

/** How long what came over the network is used (milliseconds): OSV exports daily, and often in between. */
const REMOTE_FOR = 3_600_000;

/** Advisories of a server that runs for months: opened again when an export of their directory has changed, or every hour from the network. */
export class LiveAdvisories implements AdvisorySource {
  readonly spec: string;
  private readonly options: LiveOptions;
  private source: Counted;
  private identity: string;
  private lookedAt: number;
  private looking: Promise<void> | undefined;

  private constructor(options: LiveOptions, source: AdvisorySource, identity: string) {
    this.options = options;
    this.spec = options.spec;
    this.source = new Counted(source);
    this.identity = identity;
    this.lookedAt = options.now().getTime();
  }

  /** null where the source is `none`. @throws InputError, BackendError as `openAdvisories` */
  static async open(options: LiveOptions): Promise<LiveAdvisories | null> {
    const identity = await identityOf(options.spec, options.now().getTime());
    const source = await options.open();
    return source === null ? null : new LiveAdvisories(options, source, identity);
  }

  async match(...asked: Parameters<AdvisorySource['match']>): ReturnType<AdvisorySource['match']> {
    await this.look();
    return this.source.use((source) => source.match(...asked));
  }

  /** Exports of the directory; none where they are elsewhere. */
  async feeds(): Promise<readonly Feed[]> {
    return isRemote(this.spec) ? [] : (await exportsOf(this.spec)).filter(({ isExport }) => isExport).map(({ ecosystem, written }) => ({ ecosystem, updatedAt: new Date(written).toISOString() }));
  }

  close(): Promise<void> {
    return this.source.closeWhenIdle();
  }

  private look(): Promise<void> {
    const now = this.options.now().getTime();
    if (this.looking === undefined && now - this.lookedAt >= LOOK_EVERY) {
      this.lookedAt = now;
      this.looking = this.reopen(now).finally(() => { this.looking = undefined; });
    }
    return this.looking ?? Promise.resolve();
  }

  private async reopen(now: number): Promise<void> {
    const identity = await identityOf(this.spec, now);
    if (identity === this.identity) return;
    try {
      const source = await this.options.open();
      if (source === null) return;
      void this.source.closeWhenIdle();
      this.source = new Counted(source);
      this.identity = identity;
      this.options.log('advisories opened again', { source: this.spec });
    } catch (error) {
      // a directory that is being filled: what was there stays in use, and says how old it is
      this.options.log('advisories cannot be opened again', { source: this.spec, error: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** A source that is closed when nobody uses it any more. */
class Counted {
  private readonly source: AdvisorySource;
  private users = 0;
  private onIdle: (() => void) | undefined;

  constructor(source: AdvisorySource) {
    this.source = source;
  }

  async use<Result>(step: (source: AdvisorySource) => Promise<Result>): Promise<Result> {
    this.users += 1;
    try {
      return await step(this.source);
    } finally {
      this.users -= 1;
      if (this.users === 0) this.onIdle?.();
    }
  }

  async closeWhenIdle(): Promise<void> {
    if (this.users > 0) await new Promise<void>((resolve) => { this.onIdle = resolve; });
    await this.source.close();
  }
}

/** Whether advisories come over a network. */
export function isRemote(spec: string): boolean {
  return spec === 'osv' || /^https?:\/\//.test(spec);
}

async function identityOf(spec: string, now: number): Promise<string> {
  if (spec === 'none') return spec;
  return isRemote(spec) ? String(Math.floor(now / REMOTE_FOR)) : JSON.stringify(await exportsOf(spec));
}

/** Whatever is in the directory and in each folder of it, one level deep: exports, and lists of exploits beside them. */
async function exportsOf(directory: string): Promise<{ ecosystem: string; isExport: boolean; written: number; bytes: number }[]> {
  const names = (await readdir(directory).catch(() => [])).sort();
  const found = await Promise.all(names.map(async (ecosystem) => {
    const zip = await stat(join(directory, ecosystem, 'all.zip')).catch(() => undefined);
    const file = zip ?? await stat(join(directory, ecosystem)).catch(() => undefined);
    return file?.isFile() === true ? [{ ecosystem, isExport: zip !== undefined, written: file.mtimeMs, bytes: file.size }] : [];
  }));
  return found.flat();
}
