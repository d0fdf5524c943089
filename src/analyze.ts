import { join } from 'node:path';
import { analyzerConfig } from './analyzerChoice.js';
import type { Analyzer } from './analyzers/analyzer.js';
import { createAnalyzers, type AnalyzerConfig } from './analyzers/index.js';
import { withScanner } from './analyzers/malware/ask.js';
import { maskSecrets } from './analyzers/secrets/mask.js';
import { cacheFolder } from './cache/folder.js';
import { foundationFolder, type FoundationStore } from './cache/foundationStore.js';
import { fingerprintOf, layerFolder } from './cache/layerStore.js';
import { reportFolder, type ReportStore } from './cache/reportStore.js';
import type { Host } from './host.js';
import { parseReference } from './image/reference.js';
import { knownGround, standingReport, type KnownGround } from './knownGround.js';
import { BUILD, knownImage, type KnownImage } from './knownReport.js';
import { takeLayers, type IsKnown } from './lanes/takeImage.js';
import type { Options } from './options.js';
import { reportBlocks } from './report/keptReport.js';
import type { ParsedReport } from './report/parse.js';
import { readReport } from './report/read.js';
import type { ScannedImage } from './report/scanned.js';
import { reportBytes, writeWhole } from './report/serialize.js';
import { writeReport, type LayeredImage } from './report/write.js';
import { parsedReport, type WrittenReport } from './report/written.js';
import { findDockerfile, namedDockerfile, type WorkspaceDockerfile } from './workspace.js';

export interface Analyzed {
  readonly report: ParsedReport;
  readonly image: ScannedImage;
  readonly reportFile: string;
  /** The Dockerfile that the image was built from, where it is known. */
  readonly dockerfile: WorkspaceDockerfile | undefined;
}

export type AnalyzeOptions = Pick<Options, 'source' | 'platform' | 'name' | 'dockerfile' | 'target' | 'cache' | 'analysis'>;

/**
 * Phase 1: what is in the image, as report.json in `directory`.
 * @throws InputError, ImageError
 */
export async function analyze(options: AnalyzeOptions, directory: string, host: Host): Promise<Analyzed> {
  // what is misspelt, and a scanner that does not answer, is told before the work
  await namedDockerfile(options, host);
  if (options.name !== '') parseReference(options.name);
  const config = await withScanner(analyzerConfig(options.analysis));
  const { report, dockerfile, keep } = await written(options, config, host);
  const reportFile = join(directory, 'report.json');
  await Promise.all([writeWhole(reportFile, reportBytes(report)), keep()]);
  const parsed = parsedReport(report);
  return { report: parsed, image: readReport(parsed), reportFile, dockerfile };
}

interface Outcome {
  readonly report: WrittenReport;
  readonly dockerfile: WorkspaceDockerfile | undefined;
  /** Keeps for the next time what was not known. */
  keep(): Promise<unknown>;
}

async function written(options: AnalyzeOptions, config: AnalyzerConfig, host: Host): Promise<Outcome> {
  const analyzers = createAnalyzers(config);
  const kept = options.cache ? keptIn(cacheFolder(host.env, host.platform), analyzers) : undefined;
  const take = (isKnown: IsKnown): Promise<LayeredImage | undefined> => takeLayers(options.source, {
    platform: options.platform || undefined, name: options.name || undefined, config, store: kept?.layers, onProgress: host.progress, signal: host.signal,
  }, isKnown);
  let known: KnownImage | undefined;
  let ground: KnownGround | undefined;
  const image = await take(async (found) => {
    if (kept === undefined) return [];
    known = await knownImage(found, analyzers, options, host, kept.reports);
    if (known.report !== undefined) return 'all';
    ground = knownGround(kept.foundations, found.layers.map(({ diffId }) => diffId));
    return ground?.layers ?? [];
  });
  if (image === undefined) return asKnown(known);
  const dockerfile = known === undefined ? await findDockerfile(options, image.config.history, host) : known.dockerfile;
  const writing = { dockerfile, mask: maskSecrets };
  const keepReport = async (report: WrittenReport): Promise<void> => { if (known !== undefined) await kept?.reports.put(known.key, reportBlocks(report)); };
  const standing = ground && standingReport(ground, image, analyzers, writing);
  if (standing !== undefined) return { report: standing, dockerfile, keep: () => Promise.all([kept?.layers.close(), keepReport(standing)]) };
  const whole = ground === undefined ? image : await take(async () => []);
  if (whole === undefined) throw new Error('An image that nobody knows was not read');
  const { report, foundation } = writeReport(whole, analyzers, writing);
  return { report, dockerfile, keep: () => Promise.all([kept?.layers.close(), keepReport(report), kept?.foundations.put(foundation.diffIds, foundation.blocks)]) };
}

function keptIn(folder: string, analyzers: readonly Analyzer[]): { layers: ReturnType<typeof layerFolder>; reports: ReportStore; foundations: FoundationStore } {
  return {
    layers: layerFolder(join(folder, 'layers'), analyzers),
    reports: reportFolder(join(folder, 'reports')),
    foundations: foundationFolder(join(folder, 'foundations'), `${BUILD}\n${fingerprintOf(analyzers)}`),
  };
}

function asKnown(known: KnownImage | undefined): Outcome {
  if (known?.report === undefined) throw new Error('The image was neither read nor known');
  return { report: known.report, dockerfile: known.dockerfile, keep: async () => undefined };
}
