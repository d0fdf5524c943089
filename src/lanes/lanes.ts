import { createHash } from 'node:crypto';
import { createAnalyzers, type AnalyzerConfig } from '../analyzers/index.js';
import type { Analyzer } from '../analyzers/analyzer.js';
import { fill, type ByteSource } from '../image/bytes.js';
import type { LayerFacts } from '../image/layer.js';
import { keepNurserySmall } from '../nursery.js';
import { LaneClient, type Growing } from './laneClient.js';
import { SLOTS, SLOT_BYTES, type LaneName } from './protocol.js';
import { unreadLinks } from './unreadLinks.js';

/** A layer that was fed. */
export interface FedLayer {
  /** `sha256:` of what was fed. */
  readonly diffId: string;
  /** Comes when the lanes have read it to the end. */
  readonly facts: Promise<LayerFacts>;
}

/**
 * The lanes: worker threads that read the same layers at the same time, one with the analyzers that take digests, one with the rest.
 * Layers go through them one after the other, and the next is fed while the last is still being read.
 * Beside the bundle stands the worker's own (lane.js); where it does not (tests), the lanes run on this thread, over the same protocol.
 */
export class Lanes {
  private readonly memory = new SharedArrayBuffer(SLOTS * SLOT_BYTES);
  private readonly free: number[] = Array.from({ length: SLOTS }, (_, slot) => slot);
  private readonly users = new Array<number>(SLOTS).fill(0);
  private readonly config: AnalyzerConfig;
  private started: readonly LaneClient[] | undefined;
  private readonly analyzers: readonly Analyzer[];
  private waiting: (() => void) | undefined;
  private failure: Error | undefined;

  constructor(config: AnalyzerConfig) {
    this.config = config;
    this.analyzers = createAnalyzers(config);
  }

  /**
   * Has the threads load while the archive is still being opened. The first layer would start them too: an image that is known needs none.
   * @param where `here`: on this thread, for so little that threads would cost more
   */
  start(where: 'threads' | 'here' = 'threads'): readonly LaneClient[] {
    return this.started ??= this.startLanes(where);
  }

  private startLanes(where: 'threads' | 'here'): LaneClient[] {
    if (where === 'threads') keepNurserySmall();
    const digests = this.analyzers.some((analyzer) => analyzer.lane === 'digests');
    const names: LaneName[] = digests ? ['contents', 'digests'] : ['contents'];
    const events = { freed: (slot: number) => this.freed(slot), failed: (error: Error) => this.fail(error) };
    return names.map((lane) => new LaneClient({ lane, config: this.config, memory: this.memory }, events, where));
  }

  /**
   * Feeds a layer's uncompressed tar. Resolves when all of it is in the slots; `facts` fails with an ImageError when it is no tar.
   * @param what names the layer in errors, as the beginning of a sentence.
   */
  async feed(what: string, source: ByteSource): Promise<FedLayer> {
    const lanes = this.start();
    const growing: Growing = { entries: [], facts: {}, problems: [] };
    const read = Promise.all(lanes.map((lane) => lane.expect(growing)));
    read.catch(() => undefined);
    for (const lane of lanes) lane.post({ kind: 'layer', what });
    const { diffId, sizeBytes } = await this.pour(source, lanes).finally(() => {
      for (const lane of lanes) lane.post({ kind: 'end' });
    });
    const facts = read.then(() => {
      growing.problems.push(...unreadLinks(growing, this.analyzers));
      return { diffId, sizeBytes, ...growing };
    });
    facts.catch(() => undefined);
    return { diffId, facts };
  }

  /** Makes whatever is being fed fail. */
  stop(reason: unknown): void {
    this.fail(reason instanceof Error ? reason : new Error('The scan was stopped'));
  }

  async close(): Promise<void> {
    await Promise.all(this.started?.map((lane) => lane.close()) ?? []);
  }

  /** Slot after slot, each for all lanes. */
  private async pour(source: ByteSource, lanes: readonly LaneClient[]): Promise<Pick<LayerFacts, 'diffId' | 'sizeBytes'>> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for (;;) {
      const slot = await this.take();
      const bytes = Buffer.from(this.memory, slot * SLOT_BYTES, SLOT_BYTES);
      const length = await fill(source, bytes);
      if (length === 0) {
        this.giveBack(slot);
        return { diffId: `sha256:${hash.digest('hex')}`, sizeBytes };
      }
      sizeBytes += length;
      this.users[slot] = lanes.length;
      for (const lane of lanes) lane.post({ kind: 'chunk', slot, length });
      hash.update(bytes.subarray(0, length));
    }
  }

  private async take(): Promise<number> {
    for (;;) {
      if (this.failure) throw this.failure;
      const slot = this.free.pop();
      if (slot !== undefined) return slot;
      await new Promise<void>((resolve) => { this.waiting = resolve; });
    }
  }

  private freed(slot: number): void {
    this.users[slot] = (this.users[slot] ?? 1) - 1;
    if (this.users[slot] === 0) this.giveBack(slot);
  }

  private giveBack(slot: number): void {
    this.free.push(slot);
    this.wake();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = undefined;
  }
}
