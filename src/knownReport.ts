import type { AnalyzeOptions } from './analyze.js';
import type { AnalyzerConfig } from './analyzers/index.js';
import { buildIdentity } from './build.js';
import { reportKey, type ReportStore } from './cache/reportStore.js';
import type { Host } from './host.js';
import { keptAs, type FoundImage } from './image/layout.js';
import { reportOfBlocks } from './report/keptReport.js';
import type { WrittenReport } from './report/written.js';
import { findDockerfile, type WorkspaceDockerfile } from './workspace.js';

/** What is known of an image before it is read. */
export interface KnownImage {
  /** Of its report. */
  readonly key: string;
  readonly dockerfile: WorkspaceDockerfile | undefined;
  /** Its report, where the same image was scanned before, by the same code, in the same way. */
  readonly report: WrittenReport | undefined;
}

/** Looks for the report of an image: the config's digest and the layers' stand for what is in them, so none has to be read. */
export async function knownImage(found: FoundImage, config: AnalyzerConfig, options: AnalyzeOptions, host: Host, store: ReportStore): Promise<KnownImage> {
  const { imageId, history } = found.config;
  const dockerfile = await findDockerfile(options, history, host);
  const key = reportKey(buildIdentity(), [config, imageId, found.layers.map(keptAs), found.repoTags, options.name, dockerfile?.contents ?? null]);
  const report = keptReport(store, key);
  return { key, dockerfile, report: report?.imageId === imageId ? report : undefined };
}

function keptReport(store: ReportStore, key: string): WrittenReport | undefined {
  const blocks = store.open(key);
  if (blocks === undefined) return undefined;
  try {
    return reportOfBlocks(blocks);
  } catch {
    // not whole, or not ours
    blocks.discard();
    return undefined;
  } finally {
    blocks.close();
  }
}
