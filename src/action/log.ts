import type { Progress } from '../lanes/progress.js';

/** More lines than this say nothing more: logs are read later, not watched. */
const MOST_LINES = 20;

/** A line for a layer, and of images with many layers for some of them. */
export function logProgress(write: (line: string) => void): (progress: Progress) => void {
  let lastLayer = -1;
  return ({ layer, layers, bytes, totalBytes }) => {
    if (layer === lastLayer || layer % Math.ceil((layers ?? 1) / MOST_LINES) !== 0) return;
    lastLayer = layer;
    const of = layers === undefined ? '' : ` of ${layers}`;
    const total = totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`;
    write(`Reading layer ${layer + 1}${of}, ${megabytes(bytes)}${total}`);
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
