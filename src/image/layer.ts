/** What a layer's tar says of one path. One word for one thing: an *entry* is of a layer, a *node* of the flattened image. */

export type EntryType = 'file' | 'hardlink' | 'directory' | 'symlink' | 'block' | 'character' | 'fifo';

/** One entry of a layer, in the order of its tar. Paths are clean: no leading or trailing `/`, no `.` or `..` segments. */
export interface LayerEntry {
  /** Path below the root, without a leading slash: `usr/bin/env`; the root itself is the empty string. Bytes that are no UTF-8 are kept: see text/path.ts. */
  readonly path: string;
  readonly type: EntryType;
  /** Permission bits alone, at most 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for anything but a regular file. */
  readonly size: number;
  /** Seconds since the epoch; 0 where the tar has none. */
  readonly mtime: number;
  /** A symlink's target as written; a hard link's target as a clean path of the same layer. */
  readonly linkname?: string;
  /** Extended attributes (PAX `SCHILY.xattr.NAME`), value in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

/** A fact, with the entry of its layer that it was read from. */
export type FactRow = readonly [entry: number, fact: unknown];

/** Something that an analyzer wanted to know of a file and could not: shown to the user and counted, the scan goes on. */
export interface Problem {
  /** Absolute path in the image, or the empty string for the image as a whole. */
  readonly path: string;
  /** The analyzer's name. */
  readonly analyzer: string;
  /** One sentence. */
  readonly message: string;
}

/** Everything that is known of a layer: plain data, a pure function of its bytes and the analyzers' versions, so it may be kept. */
export interface LayerFacts {
  /** `sha256:` of the uncompressed tar. */
  readonly diffId: string;
  /** Bytes of the uncompressed tar. */
  readonly sizeBytes: number;
  /** In tar order, whiteouts included. */
  readonly entries: readonly LayerEntry[];
  /** By analyzer name. */
  readonly facts: Readonly<Record<string, readonly FactRow[]>>;
  readonly problems: readonly Problem[];
}
