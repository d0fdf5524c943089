import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScannedPackage } from '../../report/scanned.js';
import { InputError } from '../../errors.js';
import { CLOCK } from '../../http/client.js';
import { dispatcher } from '../../http/dispatcher.js';
import type { AdvisoryAnswer } from '../vulnerability.js';
import type { Distro } from './distributions.js';
import type { ExploitData } from './exploited.js';
import { openExploits } from './remoteExploits.js';
import { matchPackages } from './match.js';
import { directoryExports, ExportSource } from './sources/directory.js';
import { OSV_SERVICE, OsvSource } from './sources/osv.js';
import { remoteExports } from './sources/remote.js';
import type { Clock, RecordSource, SourceOptions } from './sources/source.js';

export interface AdvisoryOptions {
  /** Below it everything that may be kept is kept; `cacheFolder` of src/cache knows the usual place. */
  readonly cacheDir: string;
  readonly signal?: AbortSignal | undefined;
  /** The clock, for tests. */
  readonly now?: () => Date;
  /** One line for people who wait. */
  readonly onProgress?: (message: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** How to wait between tries, for tests. */
  readonly clock?: Clock;
}

/** A source of advisories, open: it may be asked about many images. */
export interface AdvisorySource {
  /** As the user named it. */
  readonly spec: string;
  /** @throws BackendError where the data cannot be had: that is no clean bill */
  match(packages: readonly ScannedPackage[], distro: Distro): Promise<AdvisoryAnswer>;
  close(): Promise<void>;
}

/**
 * Opens what `advisories` names: `osv` (the public service, or the one at `INLINE_SCAN_OSV_URL`), a directory or a URL laid out as OSV's exports.
 * @returns null for `none`: rules that need advisories are then not evaluated
 * @throws InputError where it names nothing of the kind; BackendError where it cannot be had
 */
export async function openAdvisories(spec: string, options: AdvisoryOptions): Promise<AdvisorySource | null> {
  if (spec === 'none') return null;
  const env = options.env ?? process.env;
  const now = options.now ?? ((): Date => new Date());
  const folder = await usableFolder(options.cacheDir);
  const sourceOptions: SourceOptions = { cacheDir: folder.path, signal: options.signal, now: () => now().getTime(), onProgress: options.onProgress ?? ((): void => undefined), clock: options.clock ?? CLOCK };
  const network = dispatcher('');
  const isService = spec === 'osv';
  // the service has neither CISA's catalogue nor EPSS scores
  const besideService = env['INLINE_SCAN_EXPLOITS'] ?? '';
  const places = { beside: isService ? besideService : spec, isMeant: isService && besideService !== '', kev: env['INLINE_SCAN_KEV'] ?? '', epss: env['INLINE_SCAN_EPSS'] ?? '' };
  try {
    const source = isService
      ? new OsvSource(env['INLINE_SCAN_OSV_URL'] || OSV_SERVICE, network, { ...sourceOptions, patience: patienceOf(env) })
      : new ExportSource(/^https?:\/\//.test(spec) ? remoteExports(spec, network, sourceOptions) : await directoryExports(spec), sourceOptions);
    return opened(spec, source, await openExploits(places, network, sourceOptions), async () => {
      // nothing is waited for: after a failure other requests may still hang
      await network.destroy();
      await folder.release();
    });
  } catch (error) {
    await network.destroy();
    await folder.release();
    throw error;
  }
}

/** How long the service may take for everything, in milliseconds; `INLINE_SCAN_OSV_DEADLINE` in seconds. */
function patienceOf(env: NodeJS.ProcessEnv): number | undefined {
  const stated = env['INLINE_SCAN_OSV_DEADLINE'] ?? '';
  if (stated === '') return undefined;
  if (!/^[1-9]\d{0,4}$/.test(stated)) throw new InputError(`INLINE_SCAN_OSV_DEADLINE is ${JSON.stringify(stated.slice(0, 40))}, which is no number of seconds. Give one from 1 to 99999.`);
  return Number(stated) * 1000;
}

interface UsableFolder {
  readonly path: string;
  readonly release: () => Promise<void>;
}

/** The cache folder; where that cannot be written one for this run alone, since indexes have to be somewhere. */
async function usableFolder(cacheDir: string): Promise<UsableFolder> {
  try {
    await mkdir(cacheDir, { recursive: true });
    await access(cacheDir, constants.W_OK);
    return { path: cacheDir, release: async () => undefined };
  } catch {
    const path = await mkdtemp(join(tmpdir(), 'inline-scan-advisories-'));
    return { path, release: () => rm(path, { recursive: true, force: true }) };
  }
}

function opened(spec: string, source: RecordSource, exploits: ExploitData, release: () => Promise<void>): AdvisorySource {
  return {
    spec,
    match: (packages, distro) => matchPackages(packages, distro, source, exploits),
    close: async () => {
      await source.close();
      await release();
    },
  };
}
