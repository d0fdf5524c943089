import type { ImageArchive } from './archives.js';

export function dice(seed: number): () => number;
export function mutations(image: ImageArchive, options: { readonly seed: number; readonly runs: number }): Generator<{ headers: Record<string, string>; body: Buffer }>;
