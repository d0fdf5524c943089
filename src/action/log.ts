import type { Progress } from '../lanes/progress.js';

/** A line for each quarter of the image, and for each layer: logs are read later, not watched. */
export function logProgress(write: (line: string) => void): (progress: Progress) => void {
  let lastLayer = -1;
  return ({ layer, layers, bytes, totalBytes }) => {
    if (layer === lastLayer) return;
    lastLayer = layer;
    const of = layers === undefined ? '' : ` of ${layers}`;
    const total = totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`;
    write(`Reading layer ${layer + 1}${of}, ${megabytes(bytes)}${total}`);
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
