import tar from 'tar-stream';
import { ImageError } from '../errors.js';
import type { LayerEntry } from './layer.js';
import type { PaxRecords } from './pax.js';
import { entryOf } from './tarEntry.js';
import { BLOCK, readHeadersAsEnginesDo, type TarHeader, type TarParser } from './tarHeader.js';

/** A name's bytes as characters; V7 tars too; and every write waits until it is parsed. */
const OPTIONS = { filenameEncoding: 'latin1', allowUnknownFormat: true, highWaterMark: 1 } as object;

/** Who is told what a tar holds, as it is read. */
export interface TarVisitor {
  /** An entry begins; `offset` is where its content starts, in bytes from the start of the tar. */
  entry(entry: LayerEntry, offset: number): void;
  /** A piece of the content of the entry last told. The bytes are borrowed. */
  data(chunk: Buffer): void;
  /** The entry last told is complete. */
  entryEnd(): void;
}

/**
 * Reads a tar that is pushed into it, with tar-stream, and as container engines (Go's archive/tar) read it where the two differ:
 * else an image could show a scanner other files than it gives to a container. Headers: see tarHeader.ts. And the first empty block is the end.
 */
export class TarReader {
  private readonly extract = tar.extract(OPTIONS);
  private readonly parser = this.extract as unknown as TarParser;
  private readonly takePax: () => PaxRecords | undefined;
  /** Where the next header must begin; one beyond it comes after the end mark. */
  private expected: number;
  private readonly what: string;
  private readonly visitor: TarVisitor;
  private readonly start: number;
  private ended = false;
  private failure: Error | undefined;

  /**
   * @param what names the tar in errors, as the beginning of a sentence: `The archive`.
   * @param start bytes of the tar before the first byte that will be written.
   */
  constructor(what: string, visitor: TarVisitor, start = 0) {
    this.what = what;
    this.visitor = visitor;
    this.start = start;
    this.expected = start;
    this.takePax = readHeadersAsEnginesDo(this.parser, (length) => {
      this.expected += BLOCK + padded(length);
      return !this.ended;
    });
    this.extract.on('entry', (header, stream, next) => {
      stream.on('error', () => undefined);
      try {
        this.begin(header as unknown as TarHeader);
      } catch (error) {
        stream.resume();
        next(error as Error);
        return;
      }
      stream.on('data', (chunk) => this.guard(() => this.ended || this.visitor.data(chunk as Buffer)));
      stream.on('end', () => {
        this.guard(() => this.ended || this.visitor.entryEnd());
        next(this.failure);
      });
    });
    this.extract.on('error', (error: Error) => {
      // An empty block came before the one that is no header: it was the end mark, and what follows may be anything.
      if (this.parser._header === null && this.parser._buffer.shifted > BLOCK) this.ended = true;
      else this.failure ??= error;
    });
  }

  /** How many bytes of the tar are known to belong to entries told so far, headers and padding included. */
  get position(): number {
    return this.expected;
  }

  /** True once the end mark has been passed: whatever follows is no part of the tar. */
  get complete(): boolean {
    const { _header, _buffer } = this.parser;
    return this.ended || (_header === null && _buffer.shifted > 0 && !this.failure);
  }

  /**
   * Parses a chunk. Resolves when all of it has been told.
   * @returns whether tar-stream still refers to the chunk (a header cut in two), so that its memory must not be used again yet.
   */
  async write(chunk: Buffer): Promise<boolean> {
    if (this.failure) throw this.explain(this.failure);
    if (this.complete) return false;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.extract.off('drain', done);
        this.extract.off('error', done);
        this.extract.off('close', done);
        // Streams hand their last pieces over in microtasks; by the next turn all of them have been told.
        setImmediate(resolve);
      };
      this.extract.on('drain', done);
      this.extract.on('error', done);
      this.extract.on('close', done);
      if (this.extract.write(chunk)) done();
    });
    if (this.failure) throw this.explain(this.failure);
    return this.parser._buffer.buffered > 0 && !this.complete;
  }

  /** Tells that no more bytes come; throws when the tar is cut. */
  async end(): Promise<void> {
    if (this.failure) throw this.explain(this.failure);
    if (this.complete) return this.destroy();
    await new Promise<void>((resolve) => {
      this.extract.on('close', () => resolve());
      this.extract.end(null);
    });
    if (this.failure) throw this.explain(this.failure);
  }

  /** Gives up on what has not been read. */
  destroy(): void {
    this.extract.destroy(null);
  }

  private guard(step: () => unknown): void {
    if (this.failure) return;
    try {
      step();
    } catch (error) {
      this.failure = error as Error;
    }
  }

  private begin(header: TarHeader): void {
    const headerAt = this.start + header.byteOffset - BLOCK;
    if (this.ended || headerAt !== this.expected) {
      this.ended = true;
      return;
    }
    const entry = entryOf(header, this.takePax());
    this.expected = headerAt + BLOCK + (header.type === 'directory' ? 0 : padded(header.size));
    this.visitor.entry(entry, headerAt + BLOCK);
  }

  private explain(error: Error): Error {
    if (error instanceof ImageError) return new ImageError(`${this.what}: ${error.message}`, { cause: error });
    if (!TAR_STREAM_MESSAGES.test(error.message)) return error;
    const cut = error.message.startsWith('Unexpected end');
    const why = cut ? 'ends in the middle of an entry, so it was cut' : 'is no tar, or a broken one: it holds a header that is none';
    return new ImageError(`${this.what} ${why}. Save the image again.`, { cause: error });
  }
}

const TAR_STREAM_MESSAGES = /^(Invalid tar header|Invalid header|Header exceeds max size|Unexpected end of data)/;

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
