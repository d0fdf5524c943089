import type { FlatNode, Image, ImageLayer } from '../image/image.js';
import type { Problem } from '../image/layer.js';
import type { ReportSections, Section } from '../analyzers/analyzer.js';
import { byCodeUnits } from '../text/order.js';
import { sortedJson } from '../text/order.js';
import type { CataloguedPackage } from './ownership.js';

/**
 * Our own part of the report: what the seed's shape has no place for and phase 2 needs, as analyzer `inventory`.
 *
 * | output | key → value |
 * |---|---|
 * | `packages` | `TYPE:NAME@VERSION:ARCHITECTURE:LOCATION` → {@link PackageRow} as JSON |
 * | `layers` | path → index of the layer that brought it |
 * | `history` | `layers` → list of {@link HistoryLayer} as JSON, base first, empty ones too |
 * | `problems` | running number → {path, analyzer, message} |
 * | `image` | `digest`, `name`, `created`, `os`, `repo_tags` (JSON) |
 */
export const INVENTORY = 'inventory';

/** A value of `packages`. */
export interface PackageRow {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly purl: string;
  readonly path: string;
  readonly layer: number;
  readonly licenses: readonly string[];
  readonly source: { readonly name: string; readonly version: string };
  readonly ownedBy: string;
  readonly dependencies: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** An element of `history`. */
export interface HistoryLayer {
  readonly index: number;
  readonly diffId: string;
  readonly sizeBytes: number;
  readonly createdBy: string;
  readonly emptyLayer: boolean;
}

/** Longer values (whole manifests of jars) stand in the seed's sections only. */
const LONGEST_METADATA = 500;

/** `packages` alone. */
export function packagesRows(packages: readonly CataloguedPackage[]): ReportSections {
  return { [INVENTORY]: { packages: Object.fromEntries(packages.map((installed) => [packageKey(installed), sortedJson(packageRow(installed))])) } };
}

/** `layers` alone, of some nodes. */
export function layersRows(nodes: Iterable<FlatNode>): ReportSections {
  return { [INVENTORY]: { layers: Object.fromEntries([...nodes].map(({ path, layer }) => [path, String(layer)])) } };
}

/** All that is of no file. */
export function imageRows({ identity, config }: Pick<Image, 'identity' | 'config'>, history: readonly HistoryLayer[], problems: readonly Problem[]): ReportSections {
  return {
    [INVENTORY]: {
      history: history.length > 0 ? { layers: JSON.stringify(history) } : {},
      problems: problemSection(problems),
      image: { digest: identity.digest, name: identity.name, created: config.created, os: config.os },
    },
  };
}

function problemSection(problems: readonly Problem[]): Section {
  const sorted = [...problems].sort((a, b) => byCodeUnits(a.path, b.path) || byCodeUnits(a.analyzer, b.analyzer) || byCodeUnits(a.message, b.message));
  return Object.fromEntries(sorted.map((problem, index) => [String(index).padStart(6, '0'), sortedJson(problem)]));
}

/** Every history row with its layer; layers that history does not know come last. */
export function historyLayers(image: Pick<Image, 'config' | 'layers'>, mask: (text: string) => string): HistoryLayer[] {
  const byRow = new Map<number, ImageLayer>(image.layers.filter(({ historyIndex }) => historyIndex >= 0).map((layer) => [layer.historyIndex, layer]));
  const rows = image.config.history.map(({ createdBy }, row): HistoryLayer => historyLayer(byRow.get(row), mask(createdBy)));
  const unknown = image.layers.filter(({ historyIndex }) => historyIndex < 0).map((layer) => historyLayer(layer, mask(layer.createdBy)));
  return [...rows, ...unknown];
}

function historyLayer(layer: ImageLayer | undefined, createdBy: string): HistoryLayer {
  if (layer === undefined) return { index: -1, diffId: '', sizeBytes: 0, createdBy, emptyLayer: true };
  return { index: layer.index, diffId: layer.facts.diffId, sizeBytes: layer.facts.sizeBytes, createdBy, emptyLayer: false };
}

function packageKey({ type, name, version, architecture, location }: CataloguedPackage): string {
  return `${type}:${name}@${version}:${architecture}:${location}`;
}

function packageRow(installed: CataloguedPackage): PackageRow {
  const { type, name, version, architecture, purl, location, layer, licenses, source, ownedBy, dependencies, metadata } = installed;
  return {
    type, name, version, architecture, purl, path: location, layer, licenses, source, ownedBy, dependencies,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([, value]) => value.length <= LONGEST_METADATA)),
  };
}
