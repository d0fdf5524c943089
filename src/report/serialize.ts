import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../errors.js';
import { sortedJson } from '../text/order.js';
import type { ReportDocument } from './document.js';

/** Rows a chunk: large enough to be few writes, small enough that a million files are never one string (V8 allows 512 MB). */
const ROWS = 2_000;

/** Rows of a section that is written by one call, which is quicker by far; most have at most some hundred bytes. */
const AT_ONCE = 20_000;

/** The report's bytes, in pieces; the same for the same image. Keys are sorted where the document was put together. */
export function* reportChunks(report: ReportDocument): Generator<string> {
  const [{ image }] = report.document;
  const { analysis_report, image_report, analyzer_manifest } = image.imagedata;
  yield `{"document":[{"image":{"imageId":${JSON.stringify(image.imageId)},"imagedata":{"analysis_report":{`;
  yield* separated(Object.entries(analysis_report), function* ([analyzer, outputs]) {
    yield `${JSON.stringify(analyzer)}:{`;
    yield* separated(Object.entries(outputs), function* ([output, { base }]) {
      yield `${JSON.stringify(output)}:{"base":{`;
      yield* baseChunks(base);
      yield '}}';
    });
    yield '}';
  });
  yield `},"analyzer_manifest":${sortedJson(analyzer_manifest)},"image_report":${sortedJson(image_report)}}}}]}\n`;
}

function* baseChunks(base: Readonly<Record<string, string>>): Generator<string> {
  if (Object.keys(base).length <= AT_ONCE) {
    yield JSON.stringify(base).slice(1, -1);
    return;
  }
  const entries = Object.entries(base);
  for (let start = 0; start < entries.length; start += ROWS) {
    const rows = entries.slice(start, start + ROWS).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    yield (start === 0 ? '' : ',') + rows.join(',');
  }
}

function* separated<Item>(items: readonly Item[], write: (item: Item) => Generator<string>): Generator<string> {
  for (const [index, item] of items.entries()) {
    if (index > 0) yield ',';
    yield* write(item);
  }
}

/** Writes beside the place and renames: a reader never sees half a file. */
export async function writeWhole(path: string, chunks: Iterable<string | Buffer>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await pipeline(Readable.from(chunks, { objectMode: true }), createWriteStream(partial));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new InputError(`${path} could not be written (${error.message}). Free some space or choose another output-directory.`, { cause: error });
  }
}
