import { join } from 'node:path';
import type { AnalyzerConfig } from './analyzers/index.js';
import { maskSecrets } from './analyzers/secrets/mask.js';
import { cacheFolder } from './cache/folder.js';
import { reportFolder } from './cache/reportStore.js';
import type { Host } from './host.js';
import { parseReference } from './image/reference.js';
import { keptAs } from './image/layout.js';
import type { KnownGround } from './knownGround.js';
import { knownImage, type KnownImage } from './knownReport.js';
import { storeLater } from './lanes/store.js';
import { takeLayers, type IsKnown } from './lanes/takeImage.js';
import type { Options } from './options.js';
import { reportBlocks } from './report/keptReport.js';
import type { ParsedReport } from './report/parse.js';
import { readReport } from './report/read.js';
import { lazily } from './report/readSection.js';
import type { ScannedImage } from './report/scanned.js';
import { reportBytes, writeWhole } from './report/serialize.js';
import type { LayeredImage } from './report/write.js';
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

/** What is known already, while report.json is still being written. */
export interface AnalyzedAhead extends Analyzed {
  /** report.json is whole, and what is kept for the next time is kept. @throws InputError when it could not be written */
  readonly saved: Promise<unknown>;
}

/**
 * Phase 1: what is in the image, as report.json in `directory`.
 * @throws InputError, ImageError
 */
export async function analyze(options: AnalyzeOptions, directory: string, host: Host): Promise<Analyzed> {
  const { saved, ...analyzed } = await analyzeAhead(options, directory, host);
  await saved;
  return analyzed;
}

/** The same, but that nobody waits for the disk before evaluating: `saved` is to be awaited before anything is said to have passed. */
export async function analyzeAhead(options: AnalyzeOptions, directory: string, host: Host): Promise<AnalyzedAhead> {
  // what is misspelt, and a scanner that does not answer, is told before the work
  await namedDockerfile(options, host);
  if (options.name !== '') parseReference(options.name);
  const config = await chosen(options.analysis);
  const { report, dockerfile, keep } = await written(options, config, host);
  const reportFile = join(directory, 'report.json');
  const saved = Promise.all([writeWhole(reportFile, reportBytes(report)), keep()]);
  // whoever awaits it is told; an error before that is the one that counts
  saved.catch(() => undefined);
  const parsed = parsedReport(report);
  return { report: parsed, image: readReport(parsed), reportFile, dockerfile, saved };
}

/** What reads the choice of analyzers loads all of them; mostly there is none. */
async function chosen(analysis: AnalyzeOptions['analysis']): Promise<AnalyzerConfig> {
  if (analysis.analyzers.length === 0 && analysis.analyzerConfig === '') return {};
  const [{ analyzerConfig }, { withScanner }] = await Promise.all([import('./analyzerChoice.js'), import('./analyzers/malware/ask.js')]);
  return withScanner(analyzerConfig(analysis));
}

interface Outcome {
  readonly report: WrittenReport;
  readonly dockerfile: WorkspaceDockerfile | undefined;
  /** Keeps for the next time what was not known. */
  keep(): Promise<unknown>;
}

async function written(options: AnalyzeOptions, config: AnalyzerConfig, host: Host): Promise<Outcome> {
  const folder = options.cache ? cacheFolder(host.env, host.platform) : undefined;
  const reports = folder === undefined ? undefined : reportFolder(join(folder, 'reports'));
  // what needs analyzers is loaded when an image is to be read
  const reading = lazily(() => import('./reading.js').then(({ openReading }) => openReading(config, folder)));
  const store = folder === undefined ? undefined : storeLater(async () => {
    const { layers } = await reading();
    if (layers === undefined) throw new Error('There is a cache folder, and no store of layers');
    return layers;
  });
  let known: KnownImage | undefined;
  let ground: KnownGround | undefined;
  let names: readonly string[] | undefined;
  const take = (isKnown: IsKnown): Promise<LayeredImage | undefined> => takeLayers(options.source, {
    platform: options.platform || undefined, name: options.name || undefined, config, store, onProgress: host.progress, signal: host.signal,
  }, isKnown);
  const image = await take(async (found) => {
    if (reports === undefined) return [];
    known = await knownImage(found, config, options, host, reports);
    if (known.report !== undefined) return 'all';
    names = found.layers.map(keptAs);
    ground = (await reading()).groundOf(names);
    return ground?.layers ?? [];
  });
  if (image === undefined) return asKnown(known);
  const dockerfile = known === undefined ? await findDockerfile(options, image.config.history, host) : known.dockerfile;
  const { report, keep } = await (await reading()).write(image, names ?? image.config.diffIds, ground, { dockerfile, mask: maskSecrets }, () => take(async () => []));
  const keepReport = async (): Promise<void> => { if (known !== undefined) await reports?.put(known.key, reportBlocks(report)); };
  return { report, dockerfile, keep: () => Promise.all([keepReport(), keep()]) };
}

function asKnown(known: KnownImage | undefined): Outcome {
  if (known?.report === undefined) throw new Error('The image was neither read nor known');
  return { report: known.report, dockerfile: known.dockerfile, keep: async () => undefined };
}
