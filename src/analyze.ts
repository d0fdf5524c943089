import { join } from 'node:path';
import { analyzerConfig } from './analyzerChoice.js';
import { createAnalyzers } from './analyzers/index.js';
import { withScanner } from './analyzers/malware/ask.js';
import { maskSecrets } from './analyzers/secrets/mask.js';
import { cacheFolder } from './cache/folder.js';
import { layerFolder } from './cache/layerStore.js';
import type { Host } from './host.js';
import { takeImage } from './lanes/takeImage.js';
import type { Options } from './options.js';
import { asParsed, type ParsedReport } from './report/parse.js';
import { readReport } from './report/read.js';
import type { ScannedImage } from './report/scanned.js';
import { reportChunks, writeWhole } from './report/serialize.js';
import { writeReport } from './report/write.js';
import { findDockerfile, type WorkspaceDockerfile } from './workspace.js';

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
  // a scanner that does not answer is told before the work
  const config = await withScanner(analyzerConfig(options.analysis));
  const analyzers = createAnalyzers(config);
  const store = options.cache ? layerFolder(join(cacheFolder(host.env, host.platform), 'layers'), analyzers) : undefined;
  const { image, problems } = await takeImage(options.source, {
    platform: options.platform || undefined, name: options.name || undefined, config, store, onProgress: host.progress, signal: host.signal,
  });
  await store?.close();
  const dockerfile = await findDockerfile(options, image.config.history, host);
  const document = writeReport(image, analyzers, problems, { dockerfile, mask: maskSecrets });
  const reportFile = join(directory, 'report.json');
  await writeWhole(reportFile, reportChunks(document));
  const report = asParsed(document);
  return { report, image: readReport(report), reportFile, dockerfile };
}
