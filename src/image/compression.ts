import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { ImageError } from '../errors.js';
import { fill, fromChunks, toChunks, withHead, type ByteSource } from './bytes.js';

export type Compression = 'none' | 'gzip' | 'zstd';

/** Compressed bytes read at once. */
const INPUT_CHUNK = 64 * 1024;
/** For fzstd, which hands over all that its input expands to before it returns: 1 kB makes at most 32 MB. */
const FZSTD_INPUT_CHUNK = 1024;
/** Enough for a magic number and zstd's window. */
const HEAD_BYTES = 6;
/** As zstd's own decoder has it unless told otherwise: 128 MiB. */
const MAX_WINDOW_LOG = 27;
const OUTPUT_CHUNK = 128 * 1024;

/** Data that expands more than so many fold, and past so many bytes, is not read on. */
export interface ExpansionLimit {
  readonly fold: number;
  readonly bytes: number;
}

/** Real layers expand 2- to 5-fold; files of zeros 1,000-fold, and those of some gigabytes do occur. Beyond both it is a bomb. */
const BOMB: ExpansionLimit = { fold: 200, bytes: 8 * 1024 ** 3 };

/** By the first bytes: RFC 1952; RFC 8878 (a frame, or a skippable one before it). */
export function compressionOf(head: Buffer): Compression {
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head.length < 4) return 'none';
  const magic = head.readUInt32LE(0);
  return magic === 0xfd2fb528 || (magic >>> 4) === 0x184d2a5 ? 'zstd' : 'none';
}

/**
 * The uncompressed bytes of a source that may be compressed.
 * @param what names the source in errors: `layer sha256:… `
 */
export async function decompressed(source: ByteSource, what: string, limit = BOMB): Promise<{ compression: Compression; source: ByteSource }> {
  const head = Buffer.alloc(HEAD_BYTES);
  const start = head.subarray(0, await fill(source, head));
  const whole = withHead(start, source);
  const compression = compressionOf(start);
  if (compression === 'none') return { compression, source: whole };
  if (compression === 'zstd' && windowLog(head) > MAX_WINDOW_LOG) {
    throw new ImageError(`The zstd data of ${what} asks for a window of more than 128 MiB, as no builder writes. Build the image with another compression.`);
  }
  return { compression, source: fromChunks(expand(whole, compression, what, limit)) };
}

async function* expand(source: ByteSource, compression: 'gzip' | 'zstd', what: string, limit: ExpansionLimit): AsyncGenerator<Uint8Array> {
  let taken = 0;
  let given = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of toChunks(source, compression === 'gzip' ? INPUT_CHUNK : FZSTD_INPUT_CHUNK)) {
      taken += chunk.length;
      yield chunk;
    }
  }
  try {
    for await (const chunk of compression === 'gzip' ? gunzip(counted()) : unzstd(counted())) {
      given += chunk.length;
      if (given > limit.bytes && given > taken * limit.fold) {
        throw new ImageError(`The ${compression} data of ${what} expands more than ${limit.fold}-fold, past ${limit.bytes} bytes, as no real layer does. Build the image without it.`);
      }
      yield chunk;
    }
  } catch (error) {
    if (!isDecoderError(error)) throw error;
    throw new ImageError(`The ${compression} data of ${what} is broken or cut (${error.message}). Save the image again.`, { cause: error });
  }
}

async function* gunzip(input: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const decoder = zlib.createGunzip({ chunkSize: OUTPUT_CHUNK });
  const from = Readable.from(input, { objectMode: false });
  from.on('error', (error) => decoder.destroy(error));
  try {
    yield* from.pipe(decoder) as AsyncIterable<Uint8Array>;
  } finally {
    from.destroy();
    decoder.destroy();
  }
}

/** Node 20 has no zstd of its own, and Node 24's ends after the first frame, where zstd:chunked has many. */
async function* unzstd(input: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => { ready.push(chunk); });
  for await (const chunk of input) {
    pushTo(decoder, chunk, false);
    yield* ready;
    ready = [];
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

/** Binary logarithm of the memory that a frame asks for: RFC 8878, 3.1.1.1.2; 0 where its content's size says, and for skippable frames. */
function windowLog(frame: Uint8Array): number {
  if (frame[0] !== 0x28) return 0;
  const singleSegment = ((frame[4] ?? 0) & 0x20) !== 0;
  return singleSegment ? 0 : 10 + ((frame[5] ?? 0) >>> 3);
}

/** Decoders' errors have a code beginning with Z_ or ZSTD_. */
function isDecoderError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^(Z_|ZSTD_|ERR_ZLIB)/.test(code);
}
