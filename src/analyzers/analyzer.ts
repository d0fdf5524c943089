import type { Image } from '../image/image.js';
import type { LayerEntry, Problem } from '../image/layer.js';
import type { InstalledPackage } from './package.js';

/**
 * What an analyzer wants of a regular file.
 * `bytes`: the whole content as one buffer if it has at most `limit` bytes; a larger one is left out silently
 * (`skip`, where the analyzer looks at every file) or told as a problem (`problem`, where it knew the file by its name).
 * `stream`: the content chunk by chunk, of any size.
 */
export type Want =
  | 'nothing'
  | 'stream'
  | { readonly limit: number; readonly beyond: 'skip' | 'problem' };

/** Takes a file's bytes as they pass; the chunks are borrowed, keep copies. */
export interface FactSink<Fact> {
  write(chunk: Buffer): void;
  end(): Fact | undefined;
}

/** Tells a problem with the file in hand; one sentence. */
export type Tell = (message: string) => void;

/** A visible (or hidden) file with what one analyzer said of it. */
export interface Located<Fact> {
  /** Absolute path in the flattened image; for a hidden file as it was in its layer. */
  readonly path: string;
  readonly entry: LayerEntry;
  readonly layer: number;
  readonly fact: Fact;
}

/** One analyzer's facts about an image, and the image. */
export interface ImageView<Fact> {
  readonly image: Image;
  /** Facts of files still visible, sorted by path; a file with several names (hard links) comes once for each. */
  facts(): Iterable<Located<Fact>>;
  /** Facts of files that a later layer removed or replaced, by layer, then path. */
  hidden(): Iterable<Located<Fact> & { readonly hiddenBy: number }>;
  /** Another analyzer's visible facts (digests, the distribution …), by its name; empty when it is switched off. */
  of<Other>(analyzer: { readonly name: string; readonly __fact?: Other }): Iterable<Located<Other>>;
  /** Tells a problem that only shows when the image is put together. */
  problem(path: string, message: string): void;
}

/** A flat map, as the report holds it. Values are written as they are; structured ones are JSON inside the string. */
export type Section = Readonly<Record<string, string>>;

/** analyzer → output → base. Outputs that are empty are left out by the writer. */
export type ReportSections = Readonly<Record<string, Readonly<Record<string, Section>>>>;

/**
 * Looks at one file of one layer and states a fact, then turns the facts that are still visible into parts of the report.
 * Facts are plain JSON data (they cross threads and are kept in a cache): no Map, no Buffer, no undefined inside.
 * An analyzer never throws for what a file holds: it tells a problem. It must end in time linear in the bytes it was given.
 */
export interface Analyzer<Fact = unknown> {
  /** kebab-case; what `--analyzers` takes. */
  readonly name: string;
  /** One sentence for `--help` and the documentation. */
  readonly description: string;
  /** A new one forgets facts in caches: raise it when a fact's meaning or shape changes. */
  readonly version: number;
  /** Whatever of the user's configuration changes its facts; part of the cache's key. */
  readonly settings?: unknown;
  /** Which thread runs it: digests are as much work as everything else together. */
  readonly lane?: 'digests' | 'contents';
  /** Asked of every regular file with content, and of empty ones; `head` holds its first bytes (at least 512, or all there are). */
  wants(entry: LayerEntry, head: Buffer): Want;
  /** For `bytes`. */
  analyze?(entry: LayerEntry, bytes: Buffer, tell: Tell): Fact | undefined;
  /** For `stream`. */
  open?(entry: LayerEntry, tell: Tell): FactSink<Fact>;
  /**
   * Said where all rows of its sections are named by paths, and each tells of the node there and of the fact there alone
   * (`by-path-with-links`: also of the symlinks that lead there). Then a layer more costs the rows of its own paths.
   */
  readonly rows?: 'by-path' | 'by-path-with-links';
  /** Of an analyzer that goes through all paths of the image: those that matter to it. */
  goesThrough?(path: string): boolean;
  /** The packages that the visible facts show. */
  packages?(view: ImageView<Fact>): readonly InstalledPackage[];
  /** Its own parts of the report; packages are written by report/packages.ts. */
  report?(view: ImageView<Fact>): ReportSections;
  readonly __fact?: Fact;
}

export type { Problem };
