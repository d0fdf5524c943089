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
const OUTPUT_CHUNK = 128 * 1024;

/** Real layers expand 2- to 5-fold; files of zeros 1,000-fold, and those of some gigabytes do occur. Beyond both it is a bomb. */
const MAX_EXPANSION = 200;
const MAX_BOMB_BYTES = 8 * 1024 ** 3;

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
export async function decompressed(source: ByteSource, what: string): Promise<{ compression: Compression; source: ByteSource }> {
  const head = Buffer.alloc(4);
  const whole = withHead(head.subarray(0, await fill(source, head)), source);
  const compression = compressionOf(head);
  if (compression === 'none') return { compression, source: whole };
  return { compression, source: fromChunks(expand(whole, compression, what)) };
}

async function* expand(source: ByteSource, compression: 'gzip' | 'zstd', what: string): AsyncGenerator<Uint8Array> {
  let taken = 0;
  let given = 0;
  const native = compression === 'gzip' || 'createZstdDecompress' in zlib;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of toChunks(source, native ? INPUT_CHUNK : FZSTD_INPUT_CHUNK)) {
      taken += chunk.length;
      yield chunk;
    }
  }
  try {
    for await (const chunk of native ? nativeExpand(counted(), compression) : fzstdExpand(counted())) {
      given += chunk.length;
      if (given > MAX_BOMB_BYTES && given > taken * MAX_EXPANSION) {
        throw new ImageError(`The ${compression} data of ${what} expands more than ${MAX_EXPANSION}-fold, past ${MAX_BOMB_BYTES / 1024 ** 3} GiB, as no real layer does. Build the image without it.`);
      }
      yield chunk;
    }
  } catch (error) {
    if (!isDecoderError(error)) throw error;
    throw new ImageError(`The ${compression} data of ${what} is broken or cut (${error.message}). Save the image again.`, { cause: error });
  }
}

async function* nativeExpand(input: AsyncIterable<Buffer>, compression: 'gzip' | 'zstd'): AsyncGenerator<Uint8Array> {
  const decoder = compression === 'gzip' ? zlib.createGunzip({ chunkSize: OUTPUT_CHUNK }) : zlib.createZstdDecompress({ chunkSize: OUTPUT_CHUNK });
  const from = Readable.from(input, { objectMode: false });
  from.on('error', (error) => decoder.destroy(error));
  try {
    yield* from.pipe(decoder) as AsyncIterable<Uint8Array>;
  } finally {
    from.destroy();
    decoder.destroy();
  }
}

/** Node 20 has no zstd of its own. */
async function* fzstdExpand(input: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => { ready.push(chunk); });
  for await (const chunk of input) {
    decoder.push(chunk);
    yield* ready;
    ready = [];
  }
  decoder.push(new Uint8Array(0), true);
  yield* ready;
}

/** zlib's errors have a code beginning with Z_ or ZSTD_; fzstd's a number. */
function isDecoderError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'number' || (typeof code === 'string' && /^(Z_|ZSTD_|ERR_ZLIB)/.test(code));
}
