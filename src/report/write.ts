import type { Analyzer } from '../analyzers/analyzer.js';
import { OS_PACKAGE_TYPES } from '../analyzers/package.js';
import { flatten } from '../image/flatten.js';
import type { Image, ImageLayer } from '../image/image.js';
import { layFoundation } from './foundation/lay.js';
import { standOn } from './foundation/stand.js';
import type { ImageReportOptions } from './imageReport.js';
import type { WrittenReport } from './written.js';

/** An image whose layers have not been laid over each other. */
export type LayeredImage = Omit<Image, 'flattened'>;

/** Layers at the top that hold no more than this part of all entries are left off a foundation: they are what a rebuilt image changes. */
const TOP_PART = 1 / 8;

export interface Written {
  readonly report: WrittenReport;
  /** What is worth keeping for images of the same lower layers. */
  readonly foundation: { readonly diffIds: readonly string[]; readonly blocks: ReadonlyMap<string, Buffer> };
}

/** Puts the report together from the facts that are still visible. Pure: the same image gives the same bytes. */
export function writeReport(image: LayeredImage, analyzers: readonly Analyzer[], options: ImageReportOptions): Written {
  const all = image.layers.length;
  for (const depth of new Set([depthOf(image.layers), all])) {
    const layers = image.layers.slice(0, depth);
    const foundation = layFoundation({ ...image, layers, flattened: flatten(layers.map(({ facts }) => facts.entries)) }, analyzers);
    const report = standOn(foundation, image, analyzers, options);
    if (report !== undefined) return { report, foundation: { diffIds: layers.map(({ facts }) => facts.diffId), blocks: foundation.blocks } };
  }
  throw new Error('A report that stands on all layers of its image could not be written');
}

/**
 * How many of an image's layers a foundation should hold. As few as leave little above it, so that it stays of use when upper layers change; but what has
 * packages of the operating system is better within, since all of these would be gathered again each time. The top layer is what changes most.
 * @param layers all, or those above a foundation that there is
 * @param below how many entries that has
 */
export function depthOf(layers: readonly ImageLayer[], below = 0): number {
  const allowed = layers.reduce((sum, { facts }) => sum + facts.entries.length, below) * TOP_PART;
  let depth = below > 0 ? layers.length - 1 : Math.max(layers.length - 1, 1);
  let above = layers.slice(depth).reduce((sum, { facts }) => sum + facts.entries.length, 0);
  for (; depth > 0; depth--) {
    const facts = layers[depth - 1]?.facts;
    above += facts?.entries.length ?? 0;
    if (facts === undefined || above > allowed || OS_PACKAGE_TYPES.some((analyzer) => facts.facts[analyzer] !== undefined)) break;
  }
  return Math.max(depth, 0);
}
