import tar from 'tar-stream';
import { ImageError } from '../errors.js';
import { cleanPath, pathFromBinary, printablePath } from '../text/path.js';
import type { EntryType, LayerEntry } from './layer.js';
import { paxRecords, type PaxRecords } from './pax.js';

/** A name's bytes as characters; V7 tars too; and every write waits until it is parsed. */
const OPTIONS = { filenameEncoding: 'latin1', allowUnknownFormat: true, highWaterMark: 1 } as object;

/** Linux has no longer paths (PATH_MAX), so no engine could unpack one; and a million of 4 MiB would fill the memory. */
const MAX_PATH_BYTES = 4096;

export interface TarVisitor {
  /** An entry begins; `offset` is where its content starts, in bytes from the start of the tar. */
  entry(entry: LayerEntry, offset: number): void;
  /** A piece of the content of the entry last told. The bytes are borrowed. */
  data(chunk: Buffer): void;
  /** The entry last told is complete. */
  entryEnd(): void;
}

/** What tar-stream's parser knows of a header; its own types leave some of it out. */
interface Header {
  name: string;
  linkname: string | null;
  type: string | null;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  mtime: Date;
  /** Where the content starts, from the first byte written. */
  byteOffset: number;
}

/** The inner parts of tar-stream's parser that `TarReader` reaches for; test/image/tar.test.ts fails when they change. */
interface Internals {
  _buffer: { buffered: number; shifted: number };
  /** The last one read; null for an empty block. */
  _header: Header | null;
  _gnuLongPath: string | null;
  _gnuLongLinkPath: string | null;
  _applyLongHeaders(): void;
  _decodeLongHeader(bytes: Buffer): void;
}

/**
 * Reads a tar that is pushed into it, with tar-stream, and as container engines (Go's archive/tar) read it where the two differ:
 * else an image could show a scanner other files than it gives to a container. That is: values of extended headers are bytes, GNU long
 * names go before PAX ones, global extended headers say nothing, links and devices have no content whatever their size says, and the first empty block is the end.
 */
export class TarReader {
  private readonly extract = tar.extract(OPTIONS);
  private readonly internals = this.extract as unknown as Internals;
  private pax: PaxRecords | undefined;
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
    this.readHeadersAsEnginesDo();
    this.extract.on('entry', (header, stream, next) => {
      stream.on('error', () => undefined);
      try {
        this.begin(header as unknown as Header);
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
      if (this.internals._header === null && this.internals._buffer.shifted > 512) this.ended = true;
      else this.failure ??= error;
    });
  }

  /** How many bytes of the tar are known to belong to entries told so far, headers and padding included. */
  get position(): number {
    return this.expected;
  }

  /** True once the end mark has been passed: whatever follows is no part of the tar. */
  get complete(): boolean {
    const { _header, _buffer } = this.internals;
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
    return this.internals._buffer.buffered > 0 && !this.complete;
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

  private begin(header: Header): void {
    const headerAt = this.start + header.byteOffset - 512;
    if (this.ended || headerAt !== this.expected) {
      this.ended = true;
      return;
    }
    const entry = toEntry(header, this.pax);
    this.pax = undefined;
        this.expected = headerAt + 512 + (header.type === 'directory' ? 0 : padded(header.size));
    this.visitor.entry(entry, headerAt + 512);
  }

  private readHeadersAsEnginesDo(): void {
    const { internals } = this;
    internals._decodeLongHeader = (bytes) => {
      const header = internals._header as Header;
      this.expected += 512 + padded(bytes.length);
      if (this.ended) return;
      if (header.type === 'gnu-long-path') internals._gnuLongPath = untilNul(bytes);
      else if (header.type === 'gnu-long-link-path') internals._gnuLongLinkPath = untilNul(bytes);
      else if (header.type === 'pax-header') this.pax = paxRecords(bytes);
    };
    internals._applyLongHeaders = () => {
      const header = internals._header as Header;
      const pax = this.pax ?? new Map<string, string>();
      header.name = internals._gnuLongPath ?? (pax.get('path') || header.name);
      header.linkname = internals._gnuLongLinkPath ?? (pax.get('linkpath') || header.linkname);
      internals._gnuLongPath = internals._gnuLongLinkPath = null;
      const size = pax.get('size');
      if (size) header.size = /^[0-9]+$/.test(size) ? Number(size) : -1;
      if (WITHOUT_CONTENT.has(header.type ?? '')) header.size = 0;
      if (!Number.isSafeInteger(header.size)) header.size = -1;
    };
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
const WITHOUT_CONTENT = new Set<string>(['link', 'symlink', 'character-device', 'block-device', 'fifo', 'directory']);

const TYPES: Readonly<Record<string, EntryType>> = {
  file: 'file', 'contiguous-file': 'file', link: 'hardlink', symlink: 'symlink', directory: 'directory',
  'block-device': 'block', 'character-device': 'character', fifo: 'fifo',
};

/** Whether these first 512 bytes are a tar's: a header whose checksum is right, or the end of an empty one. */
export function looksLikeTar(head: Buffer): boolean {
  if (head.length < 512) return false;
  const sum = head.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum === 8 * 0x20) return true;
  return parseInt(head.toString('latin1', 148, 156).replace(/^[\0 ]+/, ''), 8) === sum;
}

function padded(size: number): number {
  return Math.ceil(size / 512) * 512;
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

function toEntry(header: Header, pax: PaxRecords | undefined): LayerEntry {
  const path = checkedPath(header.name);
  const named = TYPES[header.type ?? ''];
  if (!named) throw new ImageError(`the entry ${printablePath(path)} is of a type that no engine unpacks (sparse, multi-volume …). Build the image again with plain files.`);
  if (isSparse(pax)) throw new ImageError(`the entry ${printablePath(path)} is a sparse file in GNU's format, which no builder writes and this scan does not read. Build the image again with plain files.`);
  const type = named === 'file' && header.name.endsWith('/') && !header.size ? 'directory' : named;
  const xattrs = attributes(pax);
  return {
    path,
    type,
    mode: (header.mode) & 0o7777,
    uid: identifier(pax?.get('uid'), header.uid),
    gid: identifier(pax?.get('gid'), header.gid),
    size: type === 'file' ? header.size : 0,
    mtime: seconds(pax?.get('mtime'), header.mtime),
    ...(type === 'symlink' ? { linkname: pathFromBinary(header.linkname ?? '') } : {}),
    ...(type === 'hardlink' ? { linkname: checkedPath(header.linkname ?? '') } : {}),
    ...(xattrs ? { xattrs } : {}),
  };
}

function checkedPath(binary: string): string {
  if (binary.length > MAX_PATH_BYTES) throw new ImageError(`an entry's path has ${binary.length} bytes and begins ${printablePath(pathFromBinary(binary.slice(0, 60)))}; Linux allows ${MAX_PATH_BYTES}, so no engine can unpack it. Build the image without it.`);
  if (binary.includes('\0')) throw new ImageError(`the entry ${printablePath(pathFromBinary(binary.slice(0, 200)))} has a NUL byte in its path, so no engine can unpack it. Build the image without it.`);
  return cleanPath(pathFromBinary(binary));
}

function isSparse(pax: PaxRecords | undefined): boolean {
  if (!pax) return false;
  return pax.has('GNU.sparse.major') || pax.has('GNU.sparse.map') || pax.has('GNU.sparse.size') || pax.has('GNU.sparse.realsize');
}

function identifier(extended: string | undefined, header: number): number {
  const id = extended !== undefined && /^[0-9]+$/.test(extended) ? Number(extended) : header;
  return Number.isSafeInteger(id) && id >= 0 ? id : 0;
}

function seconds(extended: string | undefined, header: Date): number {
  const time = extended ? Number(extended) : header.getTime() / 1000;
  return Number.isFinite(time) ? Math.floor(time) : 0;
}

function attributes(pax: PaxRecords | undefined): Record<string, string> | undefined {
  if (!pax || pax.size === 0) return undefined;
  const found = [...pax].filter(([key]) => key.startsWith('SCHILY.xattr.'));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([key, value]) => [pathFromBinary(key.slice('SCHILY.xattr.'.length)), Buffer.from(value, 'latin1').toString('base64')]));
}
