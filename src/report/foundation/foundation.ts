import type { Problem } from '../../image/layer.js';
import type { LayerEntry } from '../../image/layer.js';
import type { Looked } from './watched.js';

/**
 * What is kept of an image's lower layers laid over each other: a *foundation*. Reports of images that stand on it are put together from it and from
 * the facts of the layers above, and cost what those hold.
 *
 * | block | holds |
 * |---|---|
 * | `meta` | {@link FoundationMeta} |
 * | `nodes`, `links` | the flattened layers: see groundTable.ts |
 * | `places` | path → which analyzers have a fact there: numbers, in {@link FoundationMeta.parts} |
 * | `said NAME` | an analyzer's facts: {@link SaidFacts} |
 * | `packages NAME` | the packages that it showed |
 * | `rows PART ANALYZER OUTPUT` | rows of a section, as report.json has them |
 */
export interface Foundation {
  /** A block's bytes; empty where there is none. */
  get(block: string): Buffer;
}

export interface FoundationMeta {
  /** Base first. */
  readonly layers: readonly { readonly diffId: string; readonly sizeBytes: number }[];
  /** How many entries they have together. */
  readonly entries: number;
  /** Of reading them. */
  readonly problems: readonly Problem[];
  /** Analyzers, in their order. */
  readonly parts: readonly KeptPart[];
  /** What packages' sections were made of, beside the packages. */
  readonly ownership: Looked;
  readonly packageOutputs: readonly OutputName[];
}

export type OutputName = readonly [analyzer: string, output: string];

/** An analyzer's part of the report. */
export interface KeptPart {
  readonly name: string;
  readonly looked: Looked;
  readonly problems: readonly Problem[];
  readonly outputs: readonly OutputName[];
}

/** Facts of files that are visible, sorted by path; and of hidden ones, in the order in which they were hidden. */
export interface SaidFacts {
  readonly visible: readonly (readonly [path: string, layer: number, fact: unknown])[];
  readonly hidden: readonly (readonly [path: string, layer: number, hiddenBy: number, entry: LayerEntry, fact: unknown])[];
}

/** The part that packages' sections are, beside those of analyzers. */
export const PACKAGES = 'packages';
/** The part that tells which layer brought a path. */
export const LAYERS = 'layers';

export const blockOf = {
  said: (name: string): string => `said ${name}`,
  packages: (name: string): string => `packages ${name}`,
  rows: (part: string, [analyzer, output]: OutputName): string => `rows ${part} ${analyzer} ${output}`,
} as const;

export function metaOf(foundation: Foundation): FoundationMeta {
  return JSON.parse(foundation.get('meta').toString('utf8')) as FoundationMeta;
}

/** JSON of a block; what it is without one. */
export function jsonOf<Value>(foundation: Foundation, block: string, without: Value): Value {
  const bytes = foundation.get(block);
  return bytes.length === 0 ? without : JSON.parse(bytes.toString('utf8')) as Value;
}
