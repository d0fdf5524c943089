import zlib from 'node:zlib';
import { ImageError } from '../errors.js';
import { fill, fromChunks, toChunks, withHead, type ByteSource } from './bytes.js';
import { decode } from './decoder.js';
import { isZstd, MAX_WINDOW_LOG, unzstd, windowLog } from './zstd.js';

export type Compression = 'none' | 'gzip' | 'zstd';

/** Compressed bytes read at once. */
const INPUT_CHUNK = 64 * 1024;
/** Enough for a magic number and zstd's window. */
export const HEAD_BYTES = 10;
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
  return isZstd(head) ? 'zstd' : 'none';
}

/** Magic numbers of what is not read: .xz file format 1.2; bzip2's block header; LZ4 frame format; PKWARE's APPNOTE. */
const FOREIGN: readonly (readonly [what: string, magic: RegExp, unpack: string])[] = [
  ['compressed with xz', /^\xfd7zXZ\0/, 'xz -d'], ['compressed with bzip2', /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/, 'bzip2 -d'],
  ['compressed with lz4', /^\x04"M\x18/, 'lz4 -d'], ['a zip', /^PK\x03\x04/, 'unzip'],
];

/** What packs bytes that begin so, where it is something that is not read; and what unpacks them. */
export function foreignPacking(head: Buffer): { readonly packed: string; readonly unpack: string } | undefined {
  const text = head.toString('latin1');
  const found = FOREIGN.find(([, magic]) => magic.test(text));
  return found && { packed: found[0], unpack: found[2] };
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
  if (compression === 'none') {
    const foreign = foreignPacking(start);
    if (foreign !== undefined) throw new ImageError(`Unpack ${what} first (${foreign.unpack}): it is ${foreign.packed}, which is not read. With gzip and zstd it may stay packed.`);
    return { compression, source: whole };
  }
  if (compression === 'zstd' && windowLog(head) > MAX_WINDOW_LOG) {
    throw new ImageError(`The zstd data of ${what} asks for a window of more than 128 MiB, as no builder writes. Build the image with another compression.`);
  }
  return { compression, source: fromChunks(expand(whole, compression, what, limit)) };
}

async function* expand(source: ByteSource, compression: 'gzip' | 'zstd', what: string, limit: ExpansionLimit): AsyncGenerator<Uint8Array> {
  let taken = 0;
  let given = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of toChunks(source, INPUT_CHUNK)) {
      taken += chunk.length;
      yield chunk;
    }
  }
  try {
    for await (const chunk of compression === 'gzip' ? decode(counted(), zlib.createGunzip({ chunkSize: OUTPUT_CHUNK })) : unzstd(counted())) {
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

/** Decoders' errors have a code beginning with Z_ or ZSTD_. */
function isDecoderError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^(Z_|ZSTD_|ERR_ZLIB)/.test(code);
}
