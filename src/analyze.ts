import { join } from 'node:path';
import { analyzerConfig } from './analyzerChoice.js';
import { createAnalyzers } from './analyzers/index.js';
import { withScanner } from './analyzers/malware/ask.js';
import { maskSecrets } from './analyzers/secrets/mask.js';
import { cacheFolder } from './cache/folder.js';
import { layerFolder } from './cache/layerStore.js';
import { reportFolder } from './cache/reportStore.js';
import type { Host } from './host.js';
import { gathered, knownImage, type KnownImage } from './knownReport.js';
import { parseReference } from './image/reference.js';
import { takeUnlessKnown } from './lanes/takeImage.js';
import type { Options } from './options.js';
import type { ReportDocument } from './report/document.js';
import { asParsed, type ParsedReport } from './report/parse.js';
import { readReport } from './report/read.js';
import type { ScannedImage } from './report/scanned.js';
import { reportChunks, writeWhole } from './report/serialize.js';
import { writeReport } from './report/write.js';
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
  const analyzers = createAnalyzers(config);
  const folder = options.cache ? cacheFolder(host.env, host.platform) : undefined;
  const layers = folder === undefined ? undefined : layerFolder(join(folder, 'layers'), analyzers);
  const reports = folder === undefined ? undefined : reportFolder(join(folder, 'reports'));
  const reportFile = join(directory, 'report.json');
  let known: KnownImage | undefined;
  const taken = await takeUnlessKnown(options.source, {
    platform: options.platform || undefined, name: options.name || undefined, config, store: layers, onProgress: host.progress, signal: host.signal,
  }, async (found) => {
    known = reports && await knownImage(found, analyzers, options, host, reports);
    return known?.report !== undefined;
  });
  await layers?.close();
  if (taken === undefined) return fromReport(known, reportFile);
  const { image, problems } = taken;
  const dockerfile = known === undefined ? await findDockerfile(options, image.config.history, host) : known.dockerfile;
  const document = writeReport(image, analyzers, problems, { dockerfile, mask: maskSecrets });
  const pieces: string[] = [];
  await writeWhole(reportFile, known === undefined ? reportChunks(document) : gathered(reportChunks(document), pieces));
  if (known !== undefined) await reports?.put(known.key, pieces.join(''));
  return analyzedOf(document, reportFile, dockerfile);
}

async function fromReport(known: KnownImage | undefined, reportFile: string): Promise<Analyzed> {
  if (known?.report === undefined) throw new Error('The image was neither read nor known');
  await writeWhole(reportFile, [known.report.bytes]);
  return analyzedOf(known.report.document, reportFile, known.dockerfile);
}

function analyzedOf(document: ReportDocument, reportFile: string, dockerfile: WorkspaceDockerfile | undefined): Analyzed {
  const report = asParsed(document);
  return { report, image: readReport(report), reportFile, dockerfile };
}
