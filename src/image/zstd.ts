import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { decode } from './decoder.js';

/** Binary logarithm of the largest window: as zstd's own decoder has it unless told otherwise, 128 MiB. */
export const MAX_WINDOW_LOG = 27;
const OPTIONS = { chunkSize: 128 * 1024, params: { [zlib.constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG } };
/** Bytes of a frame that is decoded at once, and of what it may expand to. */
const SMALL_FRAME = 64 * 1024;
const SMALL_CONTENT = 1024 * 1024;
/** For fzstd, which hands over all that its input expands to before it returns: 1 kB makes at most 32 MB. */
const FZSTD_INPUT_CHUNK = 1024;

const MAGIC = 0xfd2fb528;
/** The upper 28 bits of a skippable frame's magic number. */
const SKIPPABLE = 0x184d2a5;
const RLE = 1;
const RESERVED = 3;

/** By the first four bytes: a frame, or a skippable one (RFC 8878, 3.1). */
export function isZstd(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const magic = Buffer.from(head.buffer, head.byteOffset, 4).readUInt32LE(0);
  return magic === MAGIC || magic >>> 4 === SKIPPABLE;
}

/** Binary logarithm of the memory that a frame asks for: RFC 8878, 3.1.1.1.2; 0 where its content's size says, and for skippable frames. */
export function windowLog(frame: Uint8Array): number {
  if (frame[0] !== 0x28) return 0;
  const singleSegment = ((frame[4] ?? 0) & 0x20) !== 0;
  return singleSegment ? 0 : 10 + ((frame[5] ?? 0) >>> 3);
}

/**
 * The content of zstd frames, one after the other, as zstd:chunked has them. Node's decoder where it has one (22.15 and later): it
 * ends after a frame, so each gets its own. fzstd elsewhere; it takes long for data that were made to be slow.
 * Errors of broken data have a code beginning with `ZSTD_`.
 */
export function unzstd(input: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  return 'createZstdDecompress' in zlib ? byFrames(new Bytes(input)) : byFzstd(input);
}

async function* byFrames(bytes: Bytes): AsyncGenerator<Uint8Array> {
  while (!(await bytes.isOver())) {
    const start = await bytes.take(4);
    const magic = start.readUInt32LE(0);
    if (magic === MAGIC) yield* decoded(frame(bytes, start));
    else if (magic >>> 4 !== SKIPPABLE) throw broken('what follows a frame is none');
    else for await (const skipped of bytes.pass((await bytes.take(4)).readUInt32LE(0))) void skipped;
  }
}

/** zstd:chunked has a frame for each file of a layer: most are small, and a stream for each would take longer than their content. */
async function* decoded(frame: AsyncGenerator<Buffer>): AsyncGenerator<Uint8Array> {
  const begun: Buffer[] = [];
  let size = 0;
  let over = false;
  while (!over && size <= SMALL_FRAME) {
    const next = await frame.next();
    if (next.done === true) over = true;
    else {
      begun.push(next.value);
      size += next.value.length;
    }
  }
  const small = over ? decodedAtOnce(Buffer.concat(begun)) : undefined;
  if (small === undefined) yield* decode(resumed(begun, frame), zlib.createZstdDecompress(OPTIONS));
  else yield small;
}

/** Undefined where it is more than a small frame should be. */
function decodedAtOnce(frame: Buffer): Buffer | undefined {
  try {
    return zlib.zstdDecompressSync(frame, { maxOutputLength: SMALL_CONTENT, ...OPTIONS });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

async function* resumed(begun: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* begun;
  yield* rest;
}

/** The bytes of one frame, so that its end is known: RFC 8878, 3.1.1. Blocks say how long they are. */
async function* frame(bytes: Bytes, magic: Buffer): AsyncGenerator<Buffer> {
  const descriptor = await bytes.take(1);
  const flags = descriptor[0] ?? 0;
  const single = (flags & 0x20) !== 0;
  const header = (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0) + ([single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0);
  yield Buffer.concat([magic, descriptor, await bytes.take(header)]);
  for (let last = false; !last; ) {
    const head = await bytes.take(3);
    const block = head.readUIntLE(0, 3);
    last = (block & 1) === 1;
    const type = (block >> 1) & 3;
    if (type === RESERVED) throw broken('a block is of no known type');
    yield head;
    yield* bytes.pass(type === RLE ? 1 : block >> 3);
  }
  if ((flags & 4) !== 0) yield await bytes.take(4);
}

function broken(why: string): Error {
  return Object.assign(new Error(why), { code: 'ZSTD_frame' });
}

/** Chunks, taken in counted pieces. */
class Bytes {
  private readonly input: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(input: AsyncIterable<Buffer>) {
    this.input = input[Symbol.asyncIterator]();
  }

  async isOver(): Promise<boolean> {
    while (this.rest.length === 0) {
      const { done, value } = await this.input.next();
      if (done === true) return true;
      this.rest = value;
    }
    return false;
  }

  /** A copy of the next few bytes. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.pass(count)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The next bytes, as they come. */
  async *pass(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (await this.isOver()) throw broken('it ends within a frame');
      const part = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
}

async function* byFzstd(input: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => { ready.push(chunk); });
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; at += FZSTD_INPUT_CHUNK) {
      pushTo(decoder, chunk.subarray(at, at + FZSTD_INPUT_CHUNK), false);
      yield* ready;
      ready = [];
    }
  }
  pushTo(decoder, new Uint8Array(0), true);
  yield* ready;
}

/** Of broken data fzstd may also throw what its typed arrays do. */
function pushTo(decoder: Decompress, chunk: Uint8Array, last: boolean): void {
  try {
    decoder.push(chunk, last);
  } catch (error) {
    throw Object.assign(new Error(error instanceof Error ? error.message : String(error)), { code: 'ZSTD_fzstd' });
  }
}
