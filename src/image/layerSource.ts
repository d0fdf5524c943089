import { createHash } from 'node:crypto';
import { ImageError } from '../errors.js';
import type { ByteSource } from './bytes.js';
import { decompressed } from './compression.js';

/** A layer as it stands in an archive, opened. */
export interface LayerSource {
  /** The tar within, uncompressed. */
  readonly tar: ByteSource;
  /**
   * The digest of the bytes as they stand in the archive, by the algorithm asked for; to be called when the tar has been read.
   * Undefined where it would be the tar's own: by sha256, and nothing is compressed.
   */
  digest(): Promise<string | undefined>;
}

/**
 * @param what names the layer in errors.
 * @param named the digest that the archive names it by, if any.
 * @param onBytes told how many bytes of the archive were read.
 */
export async function openLayer(source: ByteSource, what: string, named: string | undefined, onBytes: (count: number) => void): Promise<LayerSource> {
  const algorithm = named?.split(':')[0] ?? 'sha256';
  const hash = createHash(algorithm);
  let isAnother = true;
  const hashed: ByteSource = {
    async read(into) {
      const count = await source.read(into);
      if (isAnother) hash.update(into.subarray(0, count));
      onBytes(count);
      return count;
    },
  };
  const { compression, source: tar } = await decompressed(hashed, what);
  isAnother = compression !== 'none' || algorithm !== 'sha256';
  return {
    tar,
    async digest() {
      if (!isAnother) return undefined;
      const rest = Buffer.alloc(64 * 1024);
      while ((await hashed.read(rest)) > 0);
      return `${algorithm}:${hash.digest('hex')}`;
    },
  };
}

/** @throws ImageError when a layer is not what the image says. `digest`: see LayerSource. */
export function verifyLayer(ref: { readonly member: string; readonly diffId: string; readonly digest?: string }, diffId: string, digest: string | undefined): void {
  const wrong = (said: string, is: string): ImageError =>
    new ImageError(`The layer ${ref.member} is not what the image says: its digest is ${is}, not ${said}. Save the image again.`);
  if (diffId !== ref.diffId) throw wrong(ref.diffId, diffId);
  const own = digest ?? diffId;
  if (ref.digest !== undefined && own !== ref.digest) throw wrong(ref.digest, own);
}
