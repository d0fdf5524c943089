import { join } from 'node:path';
import { replaceFile } from '../../cache/advisories.js';
import { BackendError, InputError } from '../../errors.js';
import { CLOCK } from '../../http/client.js';
import { dispatcher } from '../../http/dispatcher.js';
import { EPSS_NAMES, EPSS_URL, KEV_NAMES, KEV_URL, readCatalogue, readScores } from './exploited.js';
import { fetchFile, type FileAnswer } from './sources/fetchFile.js';
import { OSV_EXPORTS } from './sources/remote.js';
import { openZip } from './sources/zip.js';
import { baseOf, OSV_ECOSYSTEMS } from './versions/index.js';

export interface DownloadOptions {
  /** Names of OSV's ecosystems, with or without a release (`Debian:12`); empty for all whose versions can be ordered here. */
  readonly ecosystems: readonly string[];
  /** Where exports are; OSV's own by default. */
  readonly from?: string;
  /** Where CISA's catalogue and EPSS scores are; null for not to fetch it. */
  readonly kev?: string | null;
  readonly epss?: string | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

export interface Downloaded {
  readonly ecosystems: readonly { readonly name: string; readonly records: number }[];
  /** What is not there, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Fetches exports into a directory, for a place without a network: `advisories: DIR` there. Each file is replaced whole or not at all.
 * @throws InputError where an ecosystem does not exist; BackendError where the server fails
 */
export async function downloadAdvisories(directory: string, options: DownloadOptions): Promise<Downloaded> {
  const { from = OSV_EXPORTS, kev = KEV_URL, epss = EPSS_URL, onProgress = (): void => undefined } = options;
  const unknown = options.ecosystems.filter((name) => !OSV_ECOSYSTEMS.includes(baseOf(name)) || /[/\\]|\.\./.test(name));
  if (unknown.length > 0) throw new InputError(`${unknown.join(', ')} is no ecosystem that can be matched. Choose of ${OSV_ECOSYSTEMS.join(', ')}.`);
  const network = dispatcher('');
  const get = (url: string, path: string, check: (partial: string) => Promise<number>): Promise<number | null> => fetchInto({ url, path, check, network, signal: options.signal });
  const found: { name: string; records: number }[] = [];
  const problems: string[] = [];
  try {
    for (const name of options.ecosystems.length > 0 ? options.ecosystems : OSV_ECOSYSTEMS) {
      onProgress(`Fetching the advisories of ${name}`);
      const records = await get(`${from.replace(/\/+$/, '')}/${encodeURIComponent(name)}/all.zip`, join(directory, name, 'all.zip'), (partial) => countRecords(partial, `${from}: ${name}`));
      if (records !== null) found.push({ name, records });
      else if (options.ecosystems.length > 0) throw new BackendError(`${from} has no advisories of ${name}. Check the address and the name.`);
      else problems.push(`${from} has no advisories of ${name}`);
    }
    const exploits = [
      { url: kev, name: KEV_NAMES[0], check: (path: string) => readCatalogue(path, kev ?? '') },
      { url: epss, name: EPSS_NAMES[0], check: (path: string) => readScores(path, new Set(), epss ?? '') },
    ];
    for (const { url, name, check } of exploits) {
      if (url === null) continue;
      onProgress(`Fetching ${name}`);
      try {
        if (await get(url, join(directory, name), async (partial) => (await check(partial)).size) === null) problems.push(`There is no ${url}`);
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        problems.push(error.message);
      }
    }
  } finally {
    await network.close();
  }
  return { ecosystems: found, problems };
}

interface Fetch {
  readonly url: string;
  readonly path: string;
  readonly check: (partial: string) => Promise<number>;
  readonly network: ReturnType<typeof dispatcher>;
  readonly signal: AbortSignal | undefined;
}

async function fetchInto({ url, path, check, network, signal }: Fetch): Promise<number | null> {
  let answer: FileAnswer = { kind: 'missing' };
  return replaceFile(path, async (partial) => {
    answer = await fetchFile({ url, dispatcher: network, etag: null, signal, path: partial, clock: CLOCK });
    if (answer.kind !== 'new') throw new Missing();
    return check(partial);
  }).catch((error: unknown) => {
    if (error instanceof Missing) return null;
    if (isOfFileSystem(error)) throw new InputError(`${path} cannot be written (${error.message}). Give a directory that can be written.`, { cause: error });
    throw error;
  });
}

function isOfFileSystem(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'path' in error;
}

class Missing extends Error {}

async function countRecords(path: string, shown: string): Promise<number> {
  const zip = await openZip(path, shown);
  await zip.close();
  return zip.entries().length;
}
