import { join } from 'node:path';
import { createAnalyzers, type AnalyzerConfig } from './analyzers/index.js';
import { buildIdentity } from './build.js';
import { foundationFolder } from './cache/foundationStore.js';
import { fingerprintOf, layerFolder } from './cache/layerStore.js';
import { knownGround, standingReport, type KnownGround } from './knownGround.js';
import type { LayerStore } from './lanes/store.js';
import type { ImageReportOptions } from './report/imageReport.js';
import { writeReport, type LayeredImage } from './report/write.js';
import type { WrittenReport } from './report/written.js';

/** What it takes to make a report of layers. */
export interface Reading {
  readonly layers: LayerStore | undefined;
  /** What is kept of an image's lower layers, given the names of all of them (see keptAs). */
  groundOf(names: readonly string[]): KnownGround | undefined;
  /**
   * The report of an image: standing on its ground where it has one and that will do, else laid out whole.
   * @param names of its layers
   * @param whole takes the image again, with the facts of all layers
   */
  write(image: LayeredImage, names: readonly string[], ground: KnownGround | undefined, options: ImageReportOptions, whole: () => Promise<LayeredImage | undefined>): Promise<Outcome>;
}

interface Outcome {
  readonly report: WrittenReport;
  /** Keeps for the next time what was not known. */
  keep(): Promise<unknown>;
}

/** @param folder where things are kept, if they are */
export function openReading(config: AnalyzerConfig, folder: string | undefined): Reading {
  const analyzers = createAnalyzers(config);
  const layers = folder === undefined ? undefined : layerFolder(join(folder, 'layers'), analyzers);
  const foundations = folder === undefined ? undefined : foundationFolder(join(folder, 'foundations'), `${buildIdentity()}\n${fingerprintOf(analyzers)}`);
  return {
    layers,
    groundOf: (names) => foundations && knownGround(foundations, names),
    write: async (image, names, ground, options, whole) => {
      const standing = ground && standingReport(ground, image, analyzers, options);
      if (standing !== undefined) return { report: standing, keep: async () => layers?.close() };
      const all = ground === undefined ? image : await whole();
      if (all === undefined) throw new Error('An image that nobody knows was not read');
      const { report, foundation } = writeReport(all, analyzers, options);
      return { report, keep: () => Promise.all([layers?.close(), foundations?.put(names.slice(0, foundation.diffIds.length), foundation.blocks)]) };
    },
  };
}
