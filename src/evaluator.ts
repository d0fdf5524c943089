import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Analyzed } from './analyze.js';
import type { Backend } from './backend/backend.js';
import { EmbeddedBackend } from './backend/embedded.js';
import { cacheFolder } from './cache/folder.js';
import { baseLayers } from './dockerfile/align.js';
import { readAligned } from './dockerfile/read.js';
import { InputError } from './errors.js';
import type { AdvisorySource } from './evaluation/advisories/open.js';
import type { Evaluation, Finding } from './evaluation/evaluation.js';
import { loadExceptions } from './evaluation/exceptions/load.js';
import { loadVex } from './evaluation/exceptions/vex.js';
import { loadPolicies } from './evaluation/policy/loadPolicies.js';
import { withTrustedRegistries } from './evaluation/policy/trustedRegistries.js';
import type { Host } from './host.js';
import type { EvaluationOptions } from './options.js';
import { markNew } from './output/baseline.js';
import { locate } from './output/locate.js';
import { ANY_ACCOUNT, identityOf } from './report/archive/members.js';
import { writeAnalysisArchive } from './report/archive/write.js';
import type { ScannedImage } from './report/scanned.js';
import { TOOL } from './tool.js';
import type { WorkspaceDockerfile } from './workspace.js';

export interface Evaluated {
  readonly evaluation: Evaluation;
  /** Findings of the baseline that are there no more; undefined without a baseline. */
  readonly gone: readonly Finding[] | undefined;
  /** Which mapping, policies, rules and exceptions applied, and why. */
  readonly explained: readonly string[];
}

/** Evaluates reports, one after the other; what that needs is opened once. */
export interface Evaluator {
  /** Whether report.json has to be there, whole. */
  readonly readsFile: boolean;
  evaluate(analyzed: Analyzed): Promise<Evaluated>;
  close(): Promise<void>;
}

/**
 * Reads policies, exceptions, VEX documents and the baseline, and opens the advisories or the backend.
 * @param directory where the archive for a backend goes
 * @param cache whether advisories are kept for the next time
 * @throws InputError for whatever of these is not there or cannot be understood
 */
export async function prepareEvaluator(options: EvaluationOptions, directory: string, cache: boolean, host: Host): Promise<Evaluator> {
  const readFile = (path: string): string | undefined => readText(isAbsolute(path) ? path : join(host.workspace, path));
  const baseline = options.baseline === '' ? undefined : (await import('./readBaseline.js')).readBaseline(options.baseline, readFile);
  const explained: string[] = [];
  const { backend, close } = options.backend === undefined || options.dryRun
    ? await embedded(options, readFile, cache, host, (lines) => { explained.splice(0, Infinity, ...lines); })
    : { backend: await sysdig(options.backend, directory, host), close: async () => undefined };
  return {
    close,
    readsFile: options.backend !== undefined || options.dryRun,
    evaluate: async (analyzed) => {
      const { dockerfile, image } = analyzed;
      if (options.dryRun) await writeUnsent(analyzed, options.backend?.url, directory, host);
      const plain = await backend.evaluate({
        ...analyzed, dockerfilePath: dockerfile?.path, dockerfileTarget: dockerfile?.target || undefined, baseLayers: dockerfile && layersOfBase(image, dockerfile),
      });
      const named = dockerfile === undefined ? undefined : { path: dockerfile.path, text: dockerfile.contents, target: dockerfile.target || undefined };
      const located = locate(plain, image, named);
      const compared = baseline === undefined ? undefined : markNew(located, baseline);
      return { evaluation: compared?.evaluation ?? located, gone: compared?.gone, explained: [...explained] };
    },
  };
}

async function embedded(options: EvaluationOptions, readFile: (path: string) => string | undefined, cache: boolean, host: Host, onExplained: (lines: readonly string[]) => void): Promise<{ backend: Backend; close: () => Promise<void> }> {
  const bundles = withTrustedRegistries(await loadPolicies(options.policies, readFile), options.trustedRegistries);
  const exceptions = await loadExceptions(options.exceptions === '' ? undefined : options.exceptions, readFile);
  const vex = await loadVex(options.vex, readFile);
  const { advisories, close } = await openedAdvisories(options.advisories, cache, host);
  return { backend: new EmbeddedBackend({ bundles, exceptions, vex, advisories, tool: TOOL, now: host.now, onExplained }), close };
}

async function openedAdvisories(spec: string, cache: boolean, host: Host): Promise<{ advisories: AdvisorySource | null; close: () => Promise<void> }> {
  if (spec === 'none') return { advisories: null, close: async () => undefined };
  const cacheDir = cache ? cacheFolder(host.env, host.platform) : mkdtempSync(join(tmpdir(), 'inline-scan-uncached-'));
  // what asks servers is loaded where a server is asked
  const { openAdvisories } = await import('./evaluation/advisories/open.js');
  const advisories = await openAdvisories(spec, { cacheDir, signal: host.signal, now: host.now, onProgress: host.say, env: host.env });
  return {
    advisories,
    close: async () => {
      await advisories?.close();
      if (!cache) rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}

async function sysdig(backend: NonNullable<EvaluationOptions['backend']>, directory: string, host: Host): Promise<Backend> {
  const { connectSysdig } = await import('./backend/sysdig/connect.js');
  const connected = connectSysdig({ ...backend, archiveFile: archiveIn(directory), force: host.env['INLINE_SCAN_BACKEND_FORCE'] === 'true', tool: TOOL, onProgress: host.say, signal: host.signal });
  // a wrong token or address is told before the work, too
  await connected.probe();
  return connected;
}

/** A dry run: what the backend would be sent is written, and nothing is sent. */
async function writeUnsent({ report, image, reportFile }: Analyzed, url: string | undefined, directory: string, host: Host): Promise<void> {
  const { path, bytes } = await writeAnalysisArchive(archiveIn(directory), reportFile, report, identityOf(image, ANY_ACCOUNT), TOOL.version);
  host.say(`Dry run: ${path} (${bytes} bytes) is what ${url ?? 'a backend'} would be sent. Nothing was sent; the image is evaluated here.`);
}

function archiveIn(directory: string): string {
  return join(directory, 'analysis-archive.tgz');
}

/** How many layers came with the base image; undefined where history does not tell. */
function layersOfBase(image: ScannedImage, { contents, target }: WorkspaceDockerfile): number | undefined {
  const layers = image.layers.filter(({ emptyLayer }) => !emptyLayer).length;
  return baseLayers(readAligned(contents, image.history, layers, target || undefined).alignment, image.history, layers);
}

/** Undefined where there is no such file. @throws InputError where it is there and cannot be read */
function readText(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path} cannot be read (${error instanceof Error ? error.message : 'unknown'}). Check its permissions.`, { cause: error });
  }
}
