import type { AnalyzeOptions } from './analyze.js';
import type { Analyzer } from './analyzers/analyzer.js';
import { fingerprintOf } from './cache/layerStore.js';
import { LARGEST_REPORT, reportKey, type ReportStore } from './cache/reportStore.js';
import type { Host } from './host.js';
import type { FoundImage } from './image/layout.js';
import type { ReportDocument } from './report/document.js';
import { TOOL } from './tool.js';
import { findDockerfile, type WorkspaceDockerfile } from './workspace.js';

/** What is known of an image before it is read. */
export interface KnownImage {
  /** Of its report. */
  readonly key: string;
  readonly dockerfile: WorkspaceDockerfile | undefined;
  /** Its report, where the same image was scanned before, by the same code, in the same way. */
  readonly report: { readonly bytes: Buffer; readonly document: ReportDocument } | undefined;
}

/** The file that this code stands in. Of a bundle the name tells the content, so a report is never taken from another build. */
const BUILD = `${TOOL.version} ${import.meta.url.replace(/^.*\//, '')}`;

/** Looks for the report of an image: the config's digest stands for its layers, so none of them has to be read. */
export async function knownImage(found: FoundImage, analyzers: readonly Analyzer[], options: AnalyzeOptions, host: Host, store: ReportStore): Promise<KnownImage> {
  const { config, repoTags } = found;
  const dockerfile = await findDockerfile(options, config.history, host);
  const key = reportKey(BUILD, [fingerprintOf(analyzers), config.imageId, repoTags, options.name, dockerfile?.contents ?? null]);
  const bytes = await store.get(key);
  return { key, dockerfile, report: bytes === undefined ? undefined : reportIn(bytes, config.imageId) };
}

function reportIn(bytes: Buffer, imageId: string): KnownImage['report'] {
  try {
    const document = JSON.parse(bytes.toString('utf8')) as ReportDocument;
    return document.document[0].image.imageId === imageId ? { bytes, document } : undefined;
  } catch {
    return undefined;
  }
}

/** Passes a report's pieces on, and gathers those that may be kept. */
export function* gathered(chunks: Iterable<string>, pieces: string[]): Generator<string> {
  let length = 0;
  for (const chunk of chunks) {
    length += chunk.length;
    if (length <= LARGEST_REPORT) pieces.push(chunk);
    else pieces.splice(0);
    yield chunk;
  }
}
