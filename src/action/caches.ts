import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { info, warning } from '@actions/core';
import { TOOL } from '../tool.js';

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
export async function runnerCache(env: NodeJS.ProcessEnv, image: readonly string[]): Promise<RunnerCache> {
  const selfHosted = await toolCacheFolder(env);
  if (selfHosted !== undefined) return { folder: selfHosted, save: async () => undefined };
  const folder = join(env['RUNNER_TEMP'] ?? '.', 'inline-scan-cache');
  mkdirSync(folder, { recursive: true });
  const prefix = `inline-scan-${TOOL.version}-`;
  const key = `${prefix}${createHash('sha256').update(image.join('\n')).update(today()).digest('hex')}`;
  const restored = await quietly(async () => {
    const cache = await import('@actions/cache');
    return cache.isFeatureAvailable() ? cache.restoreCache([folder], key, [prefix]) : undefined;
  });
  return { folder, save: () => restored === key ? Promise.resolve() : save(folder, key) };
}

/** Advisories change by the day, so an entry is written at least once a day. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function save(folder: string, key: string): Promise<void> {
  await quietly(async () => {
    const cache = await import('@actions/cache');
    if (cache.isFeatureAvailable()) await cache.saveCache([folder], key);
  });
}

async function toolCacheFolder(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env['RUNNER_ENVIRONMENT'] !== 'self-hosted' || env['RUNNER_TOOL_CACHE'] === undefined || env['RUNNER_TEMP'] === undefined) return undefined;
  const temporary = join(env['RUNNER_TEMP'], 'inline-scan-cache');
  return quietly(async () => {
    const tools = await import('@actions/tool-cache');
    const found = tools.find('inline-scan-cache', '1.0.0');
    if (found !== '') return found;
    mkdirSync(temporary, { recursive: true });
    return tools.cacheDir(temporary, 'inline-scan-cache', '1.0.0');
  });
}

/** The baseline of a branch: the evaluation that its last push left. */
export async function restoreBaseline(env: NodeJS.ProcessEnv, name: string): Promise<string | undefined> {
  const branch = env['GITHUB_BASE_REF'] !== undefined && env['GITHUB_BASE_REF'] !== '' ? env['GITHUB_BASE_REF'] : env['GITHUB_REF_NAME'] ?? '';
  const folder = baselineFolder(env);
  const prefix = baselinePrefix(name, branch);
  await quietly(async () => {
    const cache = await import('@actions/cache');
    if (cache.isFeatureAvailable()) await cache.restoreCache([folder], `${prefix}none`, [prefix]);
  });
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
  await save(folder, `${baselinePrefix(name, env['GITHUB_REF_NAME'] ?? '')}${env['GITHUB_RUN_ID'] ?? '0'}-${env['GITHUB_RUN_ATTEMPT'] ?? '1'}`);
}

function baselineFolder(env: NodeJS.ProcessEnv): string {
  return join(env['RUNNER_TEMP'] ?? '.', 'inline-scan-baseline');
}

/** Images' names have commas and slashes, which keys may not. */
function baselinePrefix(name: string, branch: string): string {
  return `inline-scan-baseline-${createHash('sha256').update(`${name}\n${branch}`).digest('hex').slice(0, 32)}-`;
}

async function quietly<Value>(step: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await step();
  } catch (error) {
    warning(`The cache could not be used (${error instanceof Error ? error.message : 'unknown'}): the scan goes on without it.`);
    return undefined;
  }
}
