import { accessSync, constants, statSync } from 'node:fs';
import { error as annotateError, isDebug, notice, setFailed, setOutput, summary, warning } from '@actions/core';
import { InputError, ScanError } from '../errors.js';
import type { Host } from '../host.js';
import { readOptions, type Options } from '../options.js';
import { outputsOf } from '../outputs.js';
import { annotate } from '../output/annotations.js';
import { shown } from '../output/shown.js';
import { fittingSummary } from '../output/summary.js';
import { scan, type ScanResult } from '../scan.js';
import { allTheSame } from '../verdict.js';
import { keepBaseline, restoreBaseline } from './branchBaseline.js';
import { runnerCache, type RunnerCache } from './caches.js';
import { CacheService } from './cacheService.js';
import { engineImage } from './engineImage.js';
import { readInputs } from './inputs.js';
import { workspaceLockFiles } from './lockFiles.js';
import { logProgress } from './log.js';

/**
 * The action: inputs → scan → summary, annotations, outputs, verdict. Gives the exit status.
 * Whatever goes wrong fails the step; outputs, files and summary are written before it fails.
 */
export async function runAction(env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const options = readOptions(readInputs(env));
    checkOutputFile(env);
    const service = new CacheService();
    const cache = options.cache ? await openCache(options, env, service) : undefined;
    const host = hostOf(env, cache);
    const withBaseline = await resolveBaseline(options, env, service);
    const result = await scan(withBaseline, host);
    await publish(result, withBaseline, env);
    await cache?.save();
    if (options.evaluation.baseline === 'auto') await keepBaseline(env, baselineName(options), result.written.files.evaluation, service);
    return conclude(result, options);
  } catch (error) {
    return fail(error);
  }
}

/** Later steps decide by outputs: where they cannot be written nothing may look as if it had passed. Outside a runner there is no file for them. */
function checkOutputFile(env: NodeJS.ProcessEnv): void {
  const path = env['GITHUB_OUTPUT'] ?? '';
  if (path === '') return;
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true && isWritable(path)) return;
  throw new InputError(`The outputs cannot be written: GITHUB_OUTPUT names ${path}, which is no file, or cannot be written. A runner makes that file; outside of one, unset GITHUB_OUTPUT or make the file.`);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function hostOf(env: NodeJS.ProcessEnv, cache: RunnerCache | undefined): Host {
  return {
    env: cache === undefined ? env : { ...env, INLINE_SCAN_CACHE_DIR: cache.folder },
    platform: process.platform,
    workspace: env['GITHUB_WORKSPACE'] || process.cwd(),
    now: () => new Date(),
    say: (line) => { process.stdout.write(`${line}\n`); },
    progress: logProgress((line) => process.stdout.write(`${line}\n`)),
  };
}

async function openCache({ source }: Options, env: NodeJS.ProcessEnv, service: CacheService): Promise<RunnerCache> {
  const image = 'image' in source ? await engineImage(source.image, source.engine) : undefined;
  return runnerCache(env, image?.diffIds ?? ['archive' in source ? source.archive : source.image], service);
}

async function resolveBaseline(options: Options, env: NodeJS.ProcessEnv, service: CacheService): Promise<Options> {
  if (options.evaluation.baseline !== 'auto') return options;
  const file = await restoreBaseline(env, baselineName(options), service);
  // without a baseline everything counts: that can stop too much, never too little
  const evaluation = { ...options.evaluation, baseline: file ?? '', failOnNew: options.evaluation.failOnNew && file !== undefined };
  return { ...options, evaluation };
}

/** The image without its tag, which changes with every commit. */
function baselineName({ name, source }: Options): string {
  const full = name !== '' ? name : 'image' in source ? source.image : source.archive;
  return full.replace(/@sha256:.*$/, '').replace(/:[^:/]*$/, '');
}

/** GitHub shows ten notices of a step, and findings want some of them. */
const NOTICES = 5;

async function publish({ evaluation, gone, passed, written }: ScanResult, { show }: Options, env: NodeJS.ProcessEnv): Promise<void> {
  for (const [name, value] of Object.entries(outputsOf(evaluation, passed, written.files, gone))) setOutput(name, value);
  if (show.annotations) annotate(shown(evaluation, show), { lockFiles: workspaceLockFiles(env['GITHUB_WORKSPACE'] || process.cwd()) });
  // in the log and beside the run: exceptions that will expire or are not used
  for (const line of (evaluation.notices ?? []).slice(0, NOTICES)) notice(line);
  // outside a runner there is no file for it
  if (show.summary && env['GITHUB_STEP_SUMMARY']) await writeSummary(written.markdown, written.files.summary, env['GITHUB_STEP_SUMMARY']);
}

/**
 * Adds to what the step's summary holds already. With more than GitHub takes of a step all of it would be dropped: then the page's head is added alone.
 * The verdict does not depend on it: a runner that gives a file which cannot be written is told, and no error.
 */
async function writeSummary(markdown: string, file: string, target: string): Promise<void> {
  try {
    const before = statSync(target, { throwIfNoEntry: false })?.size ?? 0;
    await summary.addRaw(fittingSummary(markdown, before)).write();
  } catch (error) {
    warning(`The job summary could not be written (${error instanceof Error ? error.message : 'unknown'}). It is in ${file}.`);
  }
}

function conclude({ evaluation, passed }: ScanResult, { evaluation: { failOn, failOnNew } }: Options): number {
  const { counts, verdict, image } = evaluation;
  const said = `${image.name}: ${verdict} (${counts.stop} stop, ${counts.warn} warn, ${counts.suppressed} suppressed)`;
  process.stdout.write(`${said}\n`);
  const passes = allTheSame(evaluation, failOn, failOnNew);
  if (passes !== undefined) process.stdout.write(`${passes}\n`);
  if (passed) return 0;
  setFailed(`${said}. The policy says no, with fail-on: ${failOn}${failOnNew ? ' and fail-on-new' : ''}. The job summary says why and what to do first.`);
  return 1;
}

function fail(error: unknown): number {
  if (error instanceof ScanError) {
    annotateError(error.message, { title: 'Inline Scan could not be done' });
    if (isDebug() && error.cause instanceof Error) process.stdout.write(`::debug::${(error.cause.stack ?? error.cause.message).replaceAll('\n', '%0A')}\n`);
    return error.exitStatus;
  }
  setFailed(error instanceof Error ? error : String(error));
  if (error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
  return 3;
}
