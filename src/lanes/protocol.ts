import type { MessagePort, TransferListItem } from 'node:worker_threads';
import type { AnalyzerConfig } from '../analyzers/index.js';
import type { LanePart } from './readLayer.js';

/** Which analyzers a lane runs; see Analyzer.lane. */
export type LaneName = 'digests' | 'contents';

/** What a lane is started with: plain data, it crosses threads. */
export interface LaneSetup {
  readonly lane: LaneName;
  readonly config: AnalyzerConfig;
  /** The slots' memory, one after the other. */
  readonly memory: SharedArrayBuffer;
}

/** To a lane. Layers come one after the other: `layer`, chunks, `end`. */
export type ToLane =
  /** `what` names it in errors. */
  | { readonly kind: 'layer'; readonly what: string }
  | { readonly kind: 'chunk'; readonly slot: number; readonly length: number }
  | { readonly kind: 'end' };

/** From a lane, in the order of the layers; each ends with `done`, or with `failed` and nothing more. */
export type FromLane =
  | { readonly kind: 'free'; readonly slot: number }
  | { readonly kind: 'part'; readonly part: LanePart }
  | { readonly kind: 'done' }
  /** `image`: the layer cannot be read (an ImageError's message); otherwise a bug, with its stack. */
  | { readonly kind: 'failed'; readonly image: boolean; readonly message: string; readonly stack: string };

/** The end of a channel, on either side: a MessagePort, or a Worker. */
export interface Port<In, Out> {
  on(event: 'message', listener: (message: In) => void): unknown;
  postMessage(message: Out, transfer?: readonly TransferListItem[]): void;
}

export type LanePort = Port<ToLane, FromLane> & Partial<Pick<MessagePort, 'close'>>;

/** Bytes of a slot: a multiple of 512, so that every file's first piece holds at least 512 of its bytes. */
export const SLOT_BYTES = 512 * 1024;
/** 8 MiB in all: more than the greatest header that a lane may have to keep (tar-stream: 4 MiB), with room to work ahead. */
export const SLOTS = 16;
