import type { Analyzer } from './analyzers/analyzer.js';
import { BrokenBlock, type BlockFile } from './cache/blockFile.js';
import type { FoundationStore } from './cache/foundationStore.js';
import { metaOf, type FoundationMeta } from './report/foundation/foundation.js';
import { standOn } from './report/foundation/stand.js';
import type { ImageReportOptions } from './report/imageReport.js';
import { depthOf, type LayeredImage } from './report/write.js';
import type { WrittenReport } from './report/written.js';

/** A foundation that an image stands on. */
export interface KnownGround {
  readonly file: BlockFile;
  readonly layers: FoundationMeta['layers'];
  readonly entries: number;
}

/** Looks for what is kept of an image's lower layers, given the names of all. Whoever gets it closes its file. */
export function knownGround(store: FoundationStore, names: readonly string[]): KnownGround | undefined {
  const file = store.longest(names);
  if (file === undefined) return undefined;
  try {
    const { layers, entries } = metaOf(file);
    return { file, layers, entries };
  } catch {
    file.discard();
    file.close();
    return undefined;
  }
}

/** The report of an image that stands there; undefined where all its layers are to be laid out, be it since so much stands there that another foundation is due. */
export function standingReport({ file, layers, entries }: KnownGround, image: LayeredImage, analyzers: readonly Analyzer[], options: ImageReportOptions): WrittenReport | undefined {
  try {
    return depthOf(image.layers.slice(layers.length), entries) > 0 ? undefined : standOn(file, image, analyzers, options);
  } catch (error) {
    if (!(error instanceof BrokenBlock)) throw error;
    file.discard();
    return undefined;
  } finally {
    file.close();
  }
}
