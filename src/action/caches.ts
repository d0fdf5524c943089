import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { info, warning } from '@actions/core';
import { TOOL } from '../tool.js';

/** Where a runner keeps facts and advisories between runs. */
export interface RunnerCache {
  readonly folder: string;
  /** Keeps what the scan left in the folder. */
  save(): Promise<void>;
}

/** Milliseconds that a step waits for the cache service. A restore takes seconds; one that hangs would hold the step for a quarter of an hour. */
const PATIENCE = 30_000;

/**
 * On a self-hosted runner the tool cache's folder, which stays; on a hosted one a folder that @actions/cache brings and keeps:
 * one entry for all layers of the image and the advisories, since an entry a layer would be as many requests.
 * A cache that does not work is told, and no error.
 * @param image the image's layers, as far as the engine told them; they name the entry
 * @param patience milliseconds
 */
export async function runnerCache(env: NodeJS.ProcessEnv, image: readonly string[], patience = PATIENCE): Promise<RunnerCache> {
  const selfHosted = await toolCacheFolder(env, patience);
  if (selfHosted !== undefined) return unsaved(selfHosted);
  const folder = join(temporaryFolder(env), 'inline-scan-cache');
  const prefix = `inline-scan-${TOOL.version}-`;
  const key = `${prefix}${createHash('sha256').update(image.join('\n')).update(today()).digest('hex')}`;
  const restored = await quietly(async () => {
    mkdirSync(folder, { recursive: true });
    const cache = await import('@actions/cache');
    return cache.isFeatureAvailable() ? await cache.restoreCache([folder], key, [prefix]) ?? 'none' : 'none';
  }, patience);
  // what comes too late must not be unpacked under the scan's hands
  if (restored === undefined) return unsaved(`${folder}-of-this-run`);
  return { folder, save: () => restored === key ? Promise.resolve() : save(folder, key, patience) };
}

function unsaved(folder: string): RunnerCache {
  return { folder, save: async () => undefined };
}

/** Outside a runner there may be no folder of its own; the workspace is the user's. */
function temporaryFolder(env: NodeJS.ProcessEnv): string {
  return env['RUNNER_TEMP'] || tmpdir();
}

/** Advisories change by the day, so an entry is written at least once a day. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function save(folder: string, key: string, patience: number): Promise<void> {
  await quietly(async () => {
    const cache = await import('@actions/cache');
    if (cache.isFeatureAvailable()) await cache.saveCache([folder], key);
  }, patience);
}

async function toolCacheFolder(env: NodeJS.ProcessEnv, patience: number): Promise<string | undefined> {
  if (env['RUNNER_ENVIRONMENT'] !== 'self-hosted' || !env['RUNNER_TOOL_CACHE'] || !env['RUNNER_TEMP']) return undefined;
  const temporary = join(env['RUNNER_TEMP'], 'inline-scan-cache');
  return quietly(async () => {
    const tools = await import('@actions/tool-cache');
    const found = tools.find('inline-scan-cache', '1.0.0');
    if (found !== '') return found;
    mkdirSync(temporary, { recursive: true });
    return tools.cacheDir(temporary, 'inline-scan-cache', '1.0.0');
  }, patience);
}

/** The baseline of a branch: the evaluation that its last push left. */
export async function restoreBaseline(env: NodeJS.ProcessEnv, name: string): Promise<string | undefined> {
  const branch = env['GITHUB_BASE_REF'] !== undefined && env['GITHUB_BASE_REF'] !== '' ? env['GITHUB_BASE_REF'] : env['GITHUB_REF_NAME'] ?? '';
  const folder = baselineFolder(env);
  const prefix = baselinePrefix(name, branch);
  await quietly(async () => {
    const cache = await import('@actions/cache');
    if (cache.isFeatureAvailable()) await cache.restoreCache([folder], `${prefix}none`, [prefix]);
  }, PATIENCE);
  const file = join(folder, 'evaluation.json');
  if (existsSync(file)) return file;
  info(`There is no baseline of the branch ${branch} yet: everything decides.`);
  return undefined;
}

/** Only pushes leave a baseline: what a pull request finds is not yet the branch's. */
export async function keepBaseline(env: NodeJS.ProcessEnv, name: string, evaluationFile: string): Promise<void> {
  if (env['GITHUB_BASE_REF'] !== undefined && env['GITHUB_BASE_REF'] !== '') return;
  const folder = baselineFolder(env);
  mkdirSync(folder, { recursive: true });
  cpSync(evaluationFile, join(folder, 'evaluation.json'));
  await save(folder, `${baselinePrefix(name, env['GITHUB_REF_NAME'] ?? '')}${env['GITHUB_RUN_ID'] ?? '0'}-${env['GITHUB_RUN_ATTEMPT'] ?? '1'}`, PATIENCE);
}

function baselineFolder(env: NodeJS.ProcessEnv): string {
  return join(temporaryFolder(env), 'inline-scan-baseline');
}

/** Images' names have commas and slashes, which keys may not. */
function baselinePrefix(name: string, branch: string): string {
  return `inline-scan-baseline-${createHash('sha256').update(`${name}\n${branch}`).digest('hex').slice(0, 32)}-`;
}

/** Undefined where the cache did not work, or not within `patience` milliseconds. */
async function quietly<Value>(step: () => Promise<Value>, patience: number): Promise<Value | undefined> {
  const over = new AbortController();
  const late = sleep(patience, undefined, { signal: over.signal }).then(() => {
    throw new Error(`it did not answer within ${patience / 1000} seconds`);
  });
  try {
    return await Promise.race([step(), late]);
  } catch (error) {
    warning(`The cache could not be used (${error instanceof Error ? error.message : 'unknown'}): the scan goes on without it.`);
    return undefined;
  } finally {
    over.abort();
  }
}
