import type { Analyzer, FactSink, Want } from '../analyzers/analyzer.js';
import { ImageError, ScanError } from '../errors.js';
import type { FactRow, LayerEntry, Problem } from '../image/layer.js';
import { TarReader, type TarVisitor } from '../image/tar.js';
import { printablePath } from '../text/path.js';
import { whiteoutOf } from '../image/whiteout.js';

/** A piece of a layer's tar. Its length is a multiple of 512, but for the last one's. */
export interface Chunk {
  readonly bytes: Buffer;
  /** Called once, when nothing refers to the bytes any more. */
  release(): void;
}

/** What some analyzers say of some entries of a layer, in tar order. */
export interface LanePart {
  readonly entries: LayerEntry[];
  readonly facts: Record<string, FactRow[]>;
  readonly problems: Problem[];
}

/** Rows are handed on in batches, so that a layer of a million entries is never held twice. */
const BATCH = 8192;
/** Large images have some hundred thousand; each costs about 1 kB until the report is written. */
const MAX_ENTRIES = 2_000_000;
const NOTHING = Buffer.alloc(0);

/**
 * Reads one layer, asks the analyzers about each of its files, and hands on what they say.
 * Pure but for `emit`: the same function runs on worker threads and inline.
 * @param what names the layer in errors, as the beginning of a sentence.
 * @throws ImageError when it is no tar that an engine could unpack.
 */
export async function readLayer(what: string, chunks: AsyncIterable<Chunk>, analyzers: readonly Analyzer[], emit: (part: LanePart) => void): Promise<void> {
  const reading = new Reading(analyzers, emit);
  const tar = new TarReader(what, reading);
  const held: Chunk[] = [];
  const release = (): void => {
    for (const chunk of held.splice(0)) chunk.release();
  };
  try {
    for await (const chunk of chunks) {
      held.push(chunk);
      // After the end mark comes padding only: nothing to parse.
      const refers = tar.complete ? false : await tar.write(chunk.bytes);
      if (!refers) release();
    }
    await tar.end();
    reading.finish();
  } finally {
    tar.destroy();
    release();
  }
}

/** An analyzer that wants the file in hand. */
interface Taker {
  readonly analyzer: Analyzer;
  readonly sink?: FactSink<unknown>;
}

class Reading implements TarVisitor {
  private readonly analyzers: readonly Analyzer[];
  private readonly emit: (part: LanePart) => void;
  private part: LanePart;
  private index = -1;
  private entryInHand: LayerEntry | undefined;
  private asked = false;
  private streams: Taker[] = [];
  private takers: Analyzer[] = [];
  private readonly buffer = new Scratch();

  constructor(analyzers: readonly Analyzer[], emit: (part: LanePart) => void) {
    this.analyzers = analyzers;
    this.emit = emit;
    this.part = this.emptyPart();
  }

  entry(entry: LayerEntry): void {
    this.index++;
    if (this.index >= MAX_ENTRIES) throw new ImageError(`it has more than ${MAX_ENTRIES} entries, which would fill this machine's memory. Build the image with fewer files.`);
    this.part.entries.push(entry);
    this.entryInHand = entry.type === 'file' && !whiteoutOf(entry.path) ? entry : undefined;
    this.asked = false;
    if (this.entryInHand && entry.size === 0) this.ask(this.entryInHand, NOTHING);
  }

  data(chunk: Buffer): void {
    const entry = this.entryInHand;
    if (!entry) return;
    if (!this.asked) this.ask(entry, chunk);
    for (const { analyzer, sink } of this.streams) this.run(analyzer, entry, () => sink?.write(chunk));
    if (this.takers.length > 0) this.buffer.append(chunk);
  }

  entryEnd(): void {
    const entry = this.entryInHand;
    if (entry) this.conclude(entry);
    this.entryInHand = undefined;
    if (this.part.entries.length >= BATCH) this.flush();
  }

  finish(): void {
    this.flush();
  }

  private ask(entry: LayerEntry, head: Buffer): void {
    this.asked = true;
    this.streams = [];
    this.takers = [];
    for (const analyzer of this.analyzers) {
      const want = this.run(analyzer, entry, () => analyzer.wants(entry, head));
      if (want === 'nothing') continue;
      if (want === 'stream') this.streams.push(this.open(analyzer, entry));
      else if (entry.size <= want.limit) this.takers.push(analyzer);
      else if (want.beyond === 'problem') this.tell(analyzer, entry, tooLarge(entry, want));
    }
    if (this.takers.length > 0) this.buffer.reset(entry.size);
  }

  private open(analyzer: Analyzer, entry: LayerEntry): Taker {
    const sink = this.run(analyzer, entry, () => analyzer.open?.(entry, (message) => this.tell(analyzer, entry, message)));
    if (!sink) throw new Error(`The analyzer ${analyzer.name} wants a stream and has no open()`);
    return { analyzer, sink };
  }

  private conclude(entry: LayerEntry): void {
    for (const { analyzer, sink } of this.streams) this.keep(analyzer, this.run(analyzer, entry, () => sink?.end()));
    if (this.takers.length === 0) return;
    const bytes = this.buffer.bytes();
    for (const analyzer of this.takers) {
      this.keep(analyzer, this.run(analyzer, entry, () => analyzer.analyze?.(entry, bytes, (message) => this.tell(analyzer, entry, message))));
    }
    this.streams = [];
    this.takers = [];
  }

  private keep(analyzer: Analyzer, fact: unknown): void {
    if (fact !== undefined) (this.part.facts[analyzer.name] ??= []).push([this.index, fact]);
  }

  private tell(analyzer: Analyzer, entry: LayerEntry, message: string): void {
    this.part.problems.push({ path: `/${entry.path}`, analyzer: analyzer.name, message });
  }

  /** An analyzer that throws has a bug: the error goes on, with the file that showed it. */
  private run<T>(analyzer: Analyzer, entry: LayerEntry, step: () => T): T {
    try {
      return step();
    } catch (error) {
      // a scanner outside of this process that is gone (malware): no bug, and its sentence is for the user
      if (error instanceof ScanError) throw error;
      throw new Error(`The analyzer ${analyzer.name} failed on ${printablePath(entry.path)}`, { cause: error });
    }
  }

  private flush(): void {
    this.emit(this.part);
    this.part = this.emptyPart();
  }

  private emptyPart(): LanePart {
    return { entries: [], facts: {}, problems: [] };
  }
}

function tooLarge(entry: LayerEntry, want: Exclude<Want, string>): string {
  return `The file has ${entry.size} bytes, more than the ${want.limit} that are read of such a file, so it was not analysed.`;
}

/** Memory for one file at a time, used again for the next; what grew large is given back. */
class Scratch {
  private memory = Buffer.alloc(0);
  private filled = 0;

  reset(size: number): void {
    const enough = size <= this.memory.length && (this.memory.length <= KEPT_BYTES || size > KEPT_BYTES);
    if (!enough) this.memory = Buffer.allocUnsafeSlow(Math.max(size, KEPT_BYTES));
    this.filled = 0;
  }

  append(chunk: Buffer): void {
    this.filled += chunk.copy(this.memory, this.filled);
  }

  bytes(): Buffer {
    return this.memory.subarray(0, this.filled);
  }
}

/** Nearly every file that is wanted whole is smaller. */
const KEPT_BYTES = 1024 * 1024;
