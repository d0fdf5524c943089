/** How far the reading of an image is. */
export interface Progress {
  /** Index of the layer that is being read, in the order in which they are. */
  readonly layer: number;
  /** How many there are; undefined while the manifest is not known. */
  readonly layers: number | undefined;
  /** Bytes read so far, as they stand in the archive. */
  readonly bytes: number;
  /** All bytes to read; undefined while not known: what comes out of a pipe. */
  readonly totalBytes: number | undefined;
}

export type OnProgress = (progress: Progress) => void;
