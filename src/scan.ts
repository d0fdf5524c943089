import { join } from 'node:path';
import { createAnalyzers } from './analyzers/index.js';
import { maskSecrets } from './analyzers/secrets/mask.js';
import { layerStore } from './cache/layerStore.js';
import type { Evaluation } from './evaluation/evaluation.js';
import { prepareEvaluator } from './evaluator.js';
import type { Host } from './host.js';
import { readAnalyzerConfig } from './analyzers/config/read.js';
import { takeImage } from './lanes/takeImage.js';
import type { Options } from './options.js';
import type { WrittenFiles } from './outputs.js';
import { asParsed } from './report/parse.js';
import { readReport } from './report/read.js';
import type { ScannedImage } from './report/scanned.js';
import { reportChunks, writeWhole } from './report/serialize.js';
import { writeReport } from './report/write.js';
import { passes } from './verdict.js';
import { findDockerfile } from './workspace.js';
import { makeOutputDirectory, writeReports } from './writeReports.js';

export interface ScanResult {
  readonly evaluation: Evaluation;
  readonly image: ScannedImage;
  /** What fail-on makes of the verdict. */
  readonly passed: boolean;
  readonly files: WrittenFiles;
}

/**
 * The whole scan: archive → layers → facts, by layer → flattened image → report → evaluation → reports to people.
 * @throws InputError, ImageError, BackendError; whatever is thrown, nothing has passed
 */
export async function scan(options: Options, host: Host): Promise<ScanResult> {
  const directory = await makeOutputDirectory(options.outputDirectory, host);
  // policies, exceptions and the like first: a misspelt one is told before the work
  const evaluator = await prepareEvaluator(options, directory, host);
  const analyzed = await analyze(options, directory, host);
  const evaluation = await evaluator.evaluate(analyzed);
  const files = await writeReports(evaluation, analyzed, options, directory, host);
  return { evaluation, image: analyzed.image, passed: passes(evaluation, options.evaluation.failOn, options.evaluation.failOnNew), files };
}

export interface Analyzed {
  readonly report: ReturnType<typeof asParsed>;
  readonly image: ScannedImage;
  readonly reportFile: string;
  /** The Dockerfile that the image was built from, where it is known. */
  readonly dockerfile: Awaited<ReturnType<typeof findDockerfile>>;
}

/** Phase 1 alone: what is in the image, as report.json. */
export async function analyze(options: Pick<Options, 'source' | 'platform' | 'name' | 'dockerfile' | 'target' | 'cache' | 'analysis'>, directory: string, host: Host): Promise<Analyzed> {
  const config = await readAnalyzerConfig(options.analysis);
  const { image, problems } = await takeImage(options.source, {
    platform: options.platform, name: options.name, config,
    ...(options.cache ? { store: layerStore(config, host) } : {}),
    onProgress: host.progress, signal: host.signal,
  });
  const dockerfile = await findDockerfile(options, image.config.history, host);
  const document = writeReport(image, createAnalyzers(config), problems, { dockerfile, mask: maskSecrets });
  const reportFile = join(directory, 'report.json');
  await writeWhole(reportFile, reportChunks(document));
  const report = asParsed(document);
  return { report, image: readReport(report), reportFile, dockerfile };
}
