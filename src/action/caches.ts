import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOOL } from '../tool.js';
import { CacheService } from './cacheService.js';

/** Where a runner keeps facts and advisories between runs. */
export interface RunnerCache {
  readonly folder: string;
  /** Keeps what the scan left in the folder. */
  save(): Promise<void>;
}

/**
 * On a self-hosted runner the tool cache's folder, which stays; on a hosted one a folder that @actions/cache brings and keeps:
 * one entry for all layers of the image and the advisories, since an entry a layer would be as many requests.
 * A cache that does not work is told, and no error.
 * @param image the image's layers, as far as the engine told them; they name the entry
 */
export async function runnerCache(env: NodeJS.ProcessEnv, image: readonly string[], service = new CacheService()): Promise<RunnerCache> {
  const selfHosted = await toolCacheFolder(env, service);
  if (selfHosted !== undefined) return unsaved(selfHosted);
  const folder = join(temporaryFolder(env), 'inline-scan-cache');
  const prefix = `inline-scan-${TOOL.version}-`;
  const key = `${prefix}${createHash('sha256').update(image.join('\n')).update(today()).digest('hex')}`;
  const isThere = await service.patiently(async () => { mkdirSync(folder, { recursive: true }); return true; });
  const restored = isThere === undefined ? 'unavailable' : await service.restore(folder, key, prefix);
  // what comes too late must not be unpacked under the scan's hands
  if (restored === 'unavailable') return unsaved(`${folder}-of-this-run`);
  return { folder, save: () => restored !== 'none' && restored.key === key ? Promise.resolve() : service.save(folder, key) };
}

function unsaved(folder: string): RunnerCache {
  return { folder, save: async () => undefined };
}

/** Outside a runner there may be no folder of its own; the workspace is the user's. */
export function temporaryFolder(env: NodeJS.ProcessEnv): string {
  return env['RUNNER_TEMP'] || tmpdir();
}

/** Advisories change by the day, so an entry is written at least once a day. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function toolCacheFolder(env: NodeJS.ProcessEnv, service: CacheService): Promise<string | undefined> {
  if (env['RUNNER_ENVIRONMENT'] !== 'self-hosted' || !env['RUNNER_TOOL_CACHE'] || !env['RUNNER_TEMP']) return undefined;
  const temporary = join(env['RUNNER_TEMP'], 'inline-scan-cache');
  return service.patiently(async () => {
    const tools = await import('@actions/tool-cache');
    const found = tools.find('inline-scan-cache', '1.0.0');
    if (found !== '') return found;
    mkdirSync(temporary, { recursive: true });
    return tools.cacheDir(temporary, 'inline-scan-cache', '1.0.0');
  });
}
