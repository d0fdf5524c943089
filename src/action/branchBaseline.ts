import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { info, warning } from '@actions/core';
import { InputError } from '../errors.js';
import { readBaseline } from '../readBaseline.js';
import type { CacheService } from './cacheService.js';
import { temporaryFolder } from './caches.js';
import { readEvent } from './event.js';

/**
 * The evaluation that the last push to a branch left: of a pull request or a merge queue the branch that it goes to,
 * of a push to another branch than the default one the default branch, else the branch's own.
 * @returns a path, or undefined where there is none: then everything decides, which can stop too much, never too little
 */
export async function restoreBaseline(env: NodeJS.ProcessEnv, name: string, service: CacheService): Promise<string | undefined> {
  const branch = baseBranch(env);
  const folder = baselineFolder(env, name, branch);
  // an earlier step of the job may have left one
  rmSync(folder, { recursive: true, force: true });
  const prefix = baselinePrefix(name, branch);
  const restored = await service.restore(folder, `${prefix}none`, prefix);
  const file = join(folder, 'evaluation.json');
  if (typeof restored === 'object' && existsSync(file)) return readable(file);
  info(restored === 'unavailable'
    ? `The runner's cache could not be asked for the baseline of the branch ${branch}: everything decides.`
    : `There is no baseline of the branch ${branch} yet: everything decides. The next push to ${branch} leaves one.`);
  return undefined;
}

/** Only pushes leave a baseline: what a pull request finds is not yet the branch's. */
export async function keepBaseline(env: NodeJS.ProcessEnv, name: string, evaluationFile: string, service: CacheService): Promise<void> {
  const branch = env['GITHUB_REF_NAME'] ?? '';
  if (isOnItsWay(env) || branch === '' || env['GITHUB_REF_TYPE'] === 'tag') return;
  const folder = baselineFolder(env, name, branch);
  await service.patiently(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(evaluationFile, join(folder, 'evaluation.json'));
  });
  await service.save(folder, `${baselinePrefix(name, branch)}${env['GITHUB_RUN_ID'] ?? '0'}-${env['GITHUB_RUN_ATTEMPT'] ?? '1'}`);
}

/** What the cache gives back need not be what was kept. */
function readable(file: string): string | undefined {
  try {
    readBaseline(file, (path) => readFileSync(path, 'utf8'));
    return file;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    warning(`The baseline that the cache gave back is of no use (${error.message}): everything decides.`);
    return undefined;
  }
}

/** Whether this run is about what is not in a branch yet: a pull request, or a merge queue's group of them. */
function isOnItsWay(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['GITHUB_BASE_REF']) || env['GITHUB_EVENT_NAME'] === 'merge_group';
}

function baseBranch(env: NodeJS.ProcessEnv): string {
  const { merge_group: group, repository } = readEvent(env);
  if (env['GITHUB_BASE_REF']) return env['GITHUB_BASE_REF'];
  if (env['GITHUB_EVENT_NAME'] === 'merge_group' && group?.base_ref !== undefined) return group.base_ref.replace(/^refs\/heads\//, '');
  return repository?.default_branch ?? env['GITHUB_REF_NAME'] ?? '';
}

/** A folder for each name and branch: the service tells entries apart by their paths, too. */
function baselineFolder(env: NodeJS.ProcessEnv, name: string, branch: string): string {
  return join(temporaryFolder(env), baselinePrefix(name, branch).slice(0, -1));
}

/** Images' names have commas and slashes, which keys may not. */
function baselinePrefix(name: string, branch: string): string {
  return `inline-scan-baseline-${createHash('sha256').update(`${name}\n${branch}`).digest('hex').slice(0, 32)}-`;
}
