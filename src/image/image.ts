import type { ImageConfig } from './config.js';
import type { LayerEntry, LayerFacts } from './layer.js';

/** Who the image is, whichever layout it came in. */
export interface ImageIdentity {
  /** 64 hex digits: sha256 of the config. */
  readonly imageId: string;
  /** `sha256:…` of the schema-2 manifest with uncompressed layers that skopeo derives from a docker-archive: same config, same digest, so not what a registry will say. */
  readonly digest: string;
  /** The full name by which policies and the backend know it: `localbuild/shop:1.0`, `registry.example/a/b:c`. */
  readonly name: string;
  /** The names in the archive, as written there. */
  readonly repoTags: readonly string[];
}

/** A layer with where it came from. */
export interface ImageLayer {
  /** From 0, base first, empty ones not counted. */
  readonly index: number;
  readonly facts: LayerFacts;
  /** History's `created_by`, as written; the empty string where history does not say. */
  readonly createdBy: string;
  /** Position in config.history, or -1. */
  readonly historyIndex: number;
}

/** A path of the flattened image. */
export interface FlatNode {
  /** Absolute: `/usr/bin/env`. */
  readonly path: string;
  /** The entry that gives mode, owner and type. */
  readonly entry: LayerEntry;
  /** Index of the layer of `entry`. */
  readonly layer: number;
  /** The entry (index in its layer) that holds the bytes: another one than `entry` for a hard link. */
  readonly content: number;
  /** Layer of `content`, only where it is another one than `layer`: a hard link to a file of a lower layer. */
  readonly contentLayer?: number;
  /** For a regular file or a hard link: bytes of content. */
  readonly size: number;
  /** Every other path of the same file (hard links), absolute, sorted; empty for nearly all, and at most 1,000. */
  readonly otherNames: readonly string[];
}

/** An entry that a later layer removed or replaced. */
export interface HiddenEntry {
  readonly path: string;
  readonly layer: number;
  /** Index in its layer. */
  readonly entry: number;
  /** Index of the layer that hid it. */
  readonly hiddenBy: number;
}

/** The image as a container would see it. */
export interface FlattenedImage {
  /** By absolute path, sorted by it (code units). The root `/` itself is not listed. */
  readonly nodes: ReadonlyMap<string, FlatNode>;
  readonly hidden: readonly HiddenEntry[];
}

/** A whole image, read. */
export interface Image {
  readonly identity: ImageIdentity;
  readonly config: ImageConfig;
  readonly layers: readonly ImageLayer[];
  readonly flattened: FlattenedImage;
}
