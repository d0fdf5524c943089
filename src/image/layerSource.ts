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
   * Undefined where nothing is compressed: the tar's own digest is the same.
   */
  digest(): Promise<string | undefined>;
}

/**
 * @param what names the layer in errors.
 * @param onBytes told how many bytes of the archive were read.
 */
export async function openLayer(source: ByteSource, what: string, onBytes: (count: number) => void): Promise<LayerSource> {
  const hash = createHash('sha256');
  let compressed = true;
  const hashed: ByteSource = {
    async read(into) {
      const count = await source.read(into);
      if (compressed) hash.update(into.subarray(0, count));
      onBytes(count);
      return count;
    },
  };
  const { compression, source: tar } = await decompressed(hashed, what);
  compressed = compression !== 'none';
  return {
    tar,
    async digest() {
      if (!compressed) return undefined;
      const rest = Buffer.alloc(64 * 1024);
      while ((await hashed.read(rest)) > 0);
      return `sha256:${hash.digest('hex')}`;
    },
  };
}

/** @throws ImageError when a layer is not what the image says. `digest`: see LayerSource. */
export function verifyLayer(ref: { readonly member: string; readonly diffId: string; readonly digest?: string }, diffId: string, digest: string | undefined): void {
  const wrong = (said: string, is: string): ImageError =>
    new ImageError(`The layer ${ref.member} is not what the image says: its digest is ${is}, not ${said}. Save the image again.`);
  if (diffId !== ref.diffId) throw wrong(ref.diffId, diffId);
  const own = digest ?? diffId;
  if (ref.digest?.startsWith('sha256:') && own !== ref.digest) throw wrong(ref.digest, own);
}
