import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { ImageError } from '../errors.js';
import type { FactRow, LayerEntry, Problem } from '../image/layer.js';
import type { FromLane, LaneSetup, ToLane } from './protocol.js';
import type { LanePart } from './readLayer.js';
import { serveLane } from './serve.js';

/** The worker's bundle, seen from the entry's, or from a chunk that entries share. */
const LANE_FILES = ['./lane.js', '../lane.js'];

/** What lanes make is short-lived or sent away: a small nursery costs no time and saves 15 MB a thread (node's own default is 48). */
const YOUNG_MB = 8;

/** Facts grow while lanes speak. */
export interface Growing {
  readonly entries: LayerEntry[];
  readonly facts: Record<string, FactRow[]>;
  readonly problems: Problem[];
}

/** What a lane tells beside the facts. */
export interface LaneEvents {
  freed(slot: number): void;
  failed(error: Error): void;
}

/** One lane, seen from the thread that feeds it; the other end is serve.ts. */
export class LaneClient {
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
    if (message.kind === 'free') this.events.freed(message.slot);
    else if (message.kind === 'done') this.expected.shift()?.resolve();
    else if (message.kind === 'failed' && message.image) this.expected.shift()?.reject(new ImageError(message.message));
    else if (message.kind === 'failed') this.fail(withStack(message.message, message.stack));
    else if (message.kind === 'part') append(message.part, this.expected[0]?.growing);
  }

  /** A bug, or a thread that died: nothing more can be expected. */
  private fail(error: Error): void {
    for (const { reject } of this.expected.splice(0)) reject(error);
    this.events.failed(error);
  }
}

/** Nothing grows any more where the lane has failed meanwhile. */
function append({ entries, problems, facts }: LanePart, growing: Growing | undefined): void {
  if (growing === undefined) return;
  // one by one: a part may hold more than a call may have arguments
  for (const entry of entries) growing.entries.push(entry);
  for (const problem of problems) growing.problems.push(problem);
  for (const [analyzer, rows] of Object.entries(facts)) {
    const all = (growing.facts[analyzer] ??= []);
    for (const row of rows) all.push(row);
  }
}

function withStack(message: string, stack: string): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}
