import type { Dispatcher } from 'undici';
import type { ScannedPackage } from '../../report/scanned.js';
import { CLOCK } from '../../http/client.js';
import { dispatcher } from '../../http/dispatcher.js';
import type { AdvisoryAnswer } from '../vulnerability.js';
import type { Distro } from './distributions.js';
import { exploitData, NO_EXPLOIT_DATA, type ExploitData } from './exploited.js';
import { remoteExploitData } from './remoteExploits.js';
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
  const sourceOptions: SourceOptions = { cacheDir: options.cacheDir, signal: options.signal, now: () => now().getTime(), onProgress: options.onProgress ?? ((): void => undefined), clock: options.clock ?? CLOCK };
  if (spec === 'osv') {
    const network = dispatcher('');
    const service = env['INLINE_SCAN_OSV_URL'] || OSV_SERVICE;
    // the service has neither CISA's catalogue nor EPSS scores: they may lie in a directory of the user's
    const exploits = env['INLINE_SCAN_EXPLOITS'] ? await exploitData(env['INLINE_SCAN_EXPLOITS']) : NO_EXPLOIT_DATA;
    return opened(spec, new OsvSource(service, network, sourceOptions), exploits, network);
  }
  if (/^https?:\/\//.test(spec)) {
    const network = dispatcher('');
    const exploits = await remoteExploitData(spec, network, sourceOptions);
    return opened(spec, new ExportSource(remoteExports(spec, network, sourceOptions), sourceOptions), exploits, network);
  }
  return opened(spec, new ExportSource(await directoryExports(spec), sourceOptions), await exploitData(spec), null);
}

function opened(spec: string, source: RecordSource, exploits: ExploitData, network: Dispatcher | null): AdvisorySource {
  return {
    spec,
    match: (packages, distro) => matchPackages(packages, distro, source, exploits),
    close: async () => {
      await source.close();
      await network?.close();
    },
  };
}
