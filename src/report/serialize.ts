import { rename, rm } from 'node:fs/promises';
import { writePieces } from '../cache/pieces.js';
import { InputError } from '../errors.js';
import { sortedJson } from '../text/order.js';
import type { WrittenReport } from './written.js';

/** The bytes of report.json, in pieces; the same for the same image. */
export function* reportBytes({ imageId, sections, manifest, imageReport }: WrittenReport): Generator<Buffer | string> {
  yield `{"document":[{"image":{"imageId":${JSON.stringify(imageId)},"imagedata":{"analysis_report":{`;
  yield* separated(sections, function* ([analyzer, outputs]) {
    yield `${JSON.stringify(analyzer)}:{`;
    yield* separated(outputs, function* ([output, pieces]) {
      yield `${JSON.stringify(output)}:{"base":{`;
      yield* separated(pieces, function* (piece) { yield piece; });
      yield '}}';
    });
    yield '}';
  });
  yield `},"analyzer_manifest":${sortedJson(manifest)},"image_report":${sortedJson(imageReport)}}}}]}\n`;
}

function* separated<Item>(items: Iterable<Item>, write: (item: Item) => Generator<Buffer | string>): Generator<Buffer | string> {
  let first = true;
  for (const item of items) {
    if (!first) yield ',';
    first = false;
    yield* write(item);
  }
}

/** Writes beside the place and renames: a reader never sees half a file. */
export async function writeWhole(path: string, chunks: Iterable<string | Buffer>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await writePieces(partial, Array.from(chunks, (chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)), 'w');
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new InputError(`${path} could not be written (${error.message}). Free some space or choose another output-directory.`, { cause: error });
  }
}
