import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dispatcher } from 'undici';
import * as z from 'zod';
import { advisoryFolders, readJson, replaceFile, writeJson } from '../../../cache/advisories.js';
import { BackendError } from '../../../errors.js';
import { isTimeout } from '../../../http/failure.js';
import { isTransientError } from '../../../http/retry.js';
import type { Export, Exports } from './directory.js';
import { fetchFile, type FileAnswer } from './fetchFile.js';
import type { SourceOptions } from './source.js';
import { openZip } from './zip.js';

/** Where OSV publishes its exports: https://google.github.io/osv.dev/data/#data-dumps */
export const OSV_EXPORTS = 'https://osv-vulnerabilities.storage.googleapis.com';

const note = z.object({ etag: z.string().nullable(), fetchedAt: z.string() });
type Note = z.infer<typeof note>;

/**
 * Exports at a URL, kept below the cache folder. Each run asks whether its copy is the newest (If-None-Match), once for each ecosystem that the image has.
 * A server out of reach leaves the copy that is there in use, which is told, and which its age tells to policies.
 */
export function remoteExports(url: string, dispatcher: Dispatcher, options: SourceOptions): Exports {
  const base = url.replace(/\/+$/, '');
  const folder = join(advisoryFolders(options.cacheDir).exports, createHash('sha256').update(base).digest('hex').slice(0, 16));
  const wanted = { base, folder, dispatcher, options, gone: { error: undefined } };
  return {
    name: base,
    discard: async ({ path }) => { await rm(path, { force: true }); },
    locate: (ecosystem) => fetchExport({ ...wanted, ecosystem }),
  };
}

interface Wanted {
  readonly base: string;
  readonly folder: string;
  readonly ecosystem: string;
  readonly dispatcher: Dispatcher;
  readonly options: SourceOptions;
  /** That the server could not be reached for another ecosystem: nobody waits for it again. */
  readonly gone: { error: BackendError | undefined };
}

async function fetchExport(wanted: Wanted): Promise<Export | undefined> {
  const path = join(wanted.folder, wanted.ecosystem, 'all.zip');
  const kept = await keptNote(path);
  try {
    if (wanted.gone.error !== undefined) throw wanted.gone.error;
    const answer = await download(wanted, path, kept?.etag ?? null);
    if (answer.kind === 'missing') return undefined;
    const fetchedAt = new Date(wanted.options.now()).toISOString();
    await writeJson(notePath(path), { etag: answer.kind === 'new' ? answer.etag : (kept?.etag ?? null), fetchedAt } satisfies Note);
    return { path, fetchedAt, problems: [] };
  } catch (error) {
    if (error instanceof BackendError && isOutOfReach(error.cause)) wanted.gone.error = error;
    if (kept === undefined || !(error instanceof BackendError)) throw error;
    return { path, fetchedAt: kept.fetchedAt, problems: [`${error.message} The copy of ${kept.fetchedAt} was used`] };
  }
}

function isOutOfReach(cause: unknown): boolean {
  return isTimeout(cause) || isTransientError(cause);
}

/** Replaces the copy only by a whole zip file. */
async function download(wanted: Wanted, path: string, etag: string | null): Promise<FileAnswer> {
  const url = `${wanted.base}/${encodeURIComponent(wanted.ecosystem)}/all.zip`;
  wanted.options.onProgress(`Fetching the advisories of ${wanted.ecosystem}`);
  let answer: FileAnswer = { kind: 'missing' };
  await replaceFile(path, async (partial) => {
    answer = await fetchFile({ url, dispatcher: wanted.dispatcher, etag, signal: wanted.options.signal, path: partial, clock: wanted.options.clock });
    if (answer.kind !== 'new') throw new NotReplaced();
    const zip = await openZip(partial, url);
    await zip.close();
    // a table that lies is told before it replaces one that does not
    zip.entries();
  }).catch((error: unknown) => {
    if (!(error instanceof NotReplaced)) throw error;
  });
  return answer;
}

class NotReplaced extends Error {}

async function keptNote(path: string): Promise<Note | undefined> {
  const exists = await stat(path).then((found) => found.isFile(), () => false);
  const parsed = note.safeParse(await readJson(notePath(path)));
  return exists && parsed.success ? parsed.data : undefined;
}

function notePath(path: string): string {
  return `${path}.json`;
}
