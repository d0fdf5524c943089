import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { createAnalyzers, type AnalyzerConfig } from '../analyzers/index.js';
import type { Analyzer } from '../analyzers/analyzer.js';
import { ImageError } from '../errors.js';
import { fill, type ByteSource } from '../image/bytes.js';
import type { FactRow, LayerEntry, LayerFacts, Problem } from '../image/layer.js';
import { unreadLinks } from './unreadLinks.js';
import { serveLane } from './serve.js';
import { SLOTS, SLOT_BYTES, type FromLane, type LaneName, type LaneSetup, type ToLane } from './protocol.js';

/** The worker's bundle, seen from the entry's, or from a chunk that entries share. */
const LANE_FILES = ['./lane.js', '../lane.js'];

/** What lanes make is short-lived or sent away: a small nursery costs no time and saves 15 MB a thread (node's own default is 48). */
const YOUNG_MB = 8;

/** Facts grow while lanes speak. */
interface Growing {
  readonly entries: LayerEntry[];
  readonly facts: Record<string, FactRow[]>;
  readonly problems: Problem[];
}

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
  private started: readonly Lane[] | undefined;
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
  start(where: 'threads' | 'here' = 'threads'): readonly Lane[] {
    return this.started ??= this.startLanes(where);
  }

  private startLanes(where: 'threads' | 'here'): Lane[] {
    const digests = this.analyzers.some((analyzer) => analyzer.lane === 'digests');
    const names: LaneName[] = digests ? ['contents', 'digests'] : ['contents'];
    const events = { freed: (slot: number) => this.freed(slot), failed: (error: Error) => this.fail(error) };
    return names.map((lane) => new Lane({ lane, config: this.config, memory: this.memory }, events, where));
  }

  /**
   * Feeds a layer's uncompressed tar. Resolves when all of it is in the slots; `facts` fails with an ImageError when it is no tar.
   * @param what names the layer in errors, as the beginning of a sentence.
   */
  async feed(what: string, source: ByteSource): Promise<FedLayer> {
    const lanes = this.start();
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const growing: Growing = { entries: [], facts: {}, problems: [] };
    const done = lanes.map((lane) => lane.expect(growing));
    const all = Promise.all(done);
    all.catch(() => undefined);
    for (const lane of lanes) lane.post({ kind: 'layer', what });
    try {
      for (;;) {
        const slot = await this.take();
        const bytes = Buffer.from(this.memory, slot * SLOT_BYTES, SLOT_BYTES);
        const length = await fill(source, bytes);
        if (length === 0) {
          this.giveBack(slot);
          break;
        }
        sizeBytes += length;
        this.users[slot] = lanes.length;
        for (const lane of lanes) lane.post({ kind: 'chunk', slot, length });
        hash.update(bytes.subarray(0, length));
      }
    } finally {
      for (const lane of lanes) lane.post({ kind: 'end' });
    }
    const diffId = `sha256:${hash.digest('hex')}`;
    const facts = all.then(() => {
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

interface LaneEvents {
  freed(slot: number): void;
  failed(error: Error): void;
}

/** One lane, seen from the thread that feeds it. */
class Lane {
  private readonly events: LaneEvents;
  private readonly expected: { growing: Growing; resolve(): void; reject(error: Error): void }[] = [];
  readonly post: (message: ToLane) => void;
  readonly close: () => Promise<unknown>;

  constructor(setup: LaneSetup, events: LaneEvents, where: 'threads' | 'here') {
    this.events = events;
    const file = where === 'here' ? undefined : LANE_FILES.map((name) => fileURLToPath(new URL(name, import.meta.url))).find((name) => existsSync(name));
    if (file) {
      const worker = new Worker(file, { workerData: setup, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
      worker.on('message', (message: FromLane) => this.hear(message));
      worker.on('error', (error) => this.fail(error));
      worker.on('exit', (status) => this.fail(new Error(`The lane ${setup.lane} ended with status ${status}`)));
      this.post = (message) => worker.postMessage(message);
      this.close = () => worker.terminate();
    } else {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (message: FromLane) => this.hear(message));
      serveLane(port2, setup);
      this.post = (message) => port1.postMessage(message);
      this.close = async () => port1.close();
    }
  }

  /** What the lane says next is of a layer whose facts go into `growing`. */
  expect(growing: Growing): Promise<void> {
    return new Promise((resolve, reject) => this.expected.push({ growing, resolve, reject }));
  }

  private hear(message: FromLane): void {
    const [layer] = this.expected;
    if (message.kind === 'free') this.events.freed(message.slot);
    else if (message.kind === 'done') this.expected.shift()?.resolve();
    else if (message.kind === 'failed' && message.image) this.expected.shift()?.reject(new ImageError(message.message));
    else if (message.kind === 'failed') this.fail(withStack(message.message, message.stack));
    else if (layer) {
      for (const entry of message.part.entries) layer.growing.entries.push(entry);
      for (const problem of message.part.problems) layer.growing.problems.push(problem);
      for (const [analyzer, rows] of Object.entries(message.part.facts)) {
        const facts = (layer.growing.facts[analyzer] ??= []);
        for (const row of rows) facts.push(row);
      }
    }
  }

  /** A bug, or a thread that died: nothing more can be expected. */
  private fail(error: Error): void {
    for (const { reject } of this.expected.splice(0)) reject(error);
    this.events.failed(error);
  }
}

function withStack(message: string, stack: string): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}
