import { availableParallelism } from 'node:os';
import { print } from '../show.js';
import { evaluateJob, type Job, type Outcome } from './job.js';
import type { Prepared } from './request.js';
import { evaluateInThreads } from './threads.js';

/** Each has a heap of its own, of some 100 MB. */
const MOST_THREADS = 4;

/** Reports for each thread, at least: to start one costs as much as to evaluate some. */
const FEWEST_REPORTS = 8;

/**
 * Evaluates reports, and prints what came of each in the order that they were given. One that cannot be read is told, and the others go on.
 * @returns the exit status: 2 where one could not be read
 */
export async function evaluateSeveral(paths: readonly string[], prepared: Prepared): Promise<number> {
  const { host, request: { outputDirectory } } = prepared;
  let passed = true;
  let errors = 0;
  for await (const outcome of outcomes(paths.map((path, index) => ({ path, index })), prepared)) {
    host.signal?.throwIfAborted();
    if (outcome.kind === 'error') {
      errors += 1;
      process.stderr.write(`inline-scan: ${outcome.message}\n`);
      continue;
    }
    passed &&= outcome.passed;
    // what a slow reader has not taken yet is not piled up
    await print(outcome.output);
    if (outcome.explained.length > 0) process.stderr.write(`${outcome.explained.join('\n')}\n`);
  }
  host.say(`${paths.length - errors} reports evaluated; what came of each is in ${outputDirectory}`);
  if (errors > 0) process.stderr.write(`inline-scan: ${errors} of ${paths.length} reports could not be evaluated. What is said of each, above, is to be mended.\n`);
  if (errors > 0) return 2;
  return passed ? 0 : 1;
}

/** The first is evaluated here: what is wrong for all is told once, and advisories are indexed once. */
async function* outcomes(jobs: readonly Job[], prepared: Prepared): AsyncGenerator<Outcome> {
  const threads = threadsFor(jobs.length, prepared);
  const here = threads < 2 ? jobs : jobs.slice(0, 1);
  for (const job of here) yield await evaluateJob(job, prepared);
  if (threads >= 2) yield* evaluateInThreads(jobs.slice(1), threads, prepared.request);
}

/**
 * One where threads are of no use or in each other's way: a backend evaluates by itself, and has one archive at a time;
 * answers of OSV's service are kept in one file; and without a cache each would index the advisories.
 */
function threadsFor(reports: number, { request: { options, cache } }: Prepared): number {
  const isAlone = options.backend !== undefined || options.advisories === 'osv' || (options.advisories !== 'none' && !cache);
  return isAlone ? 1 : Math.min(MOST_THREADS, availableParallelism(), Math.floor(reports / FEWEST_REPORTS));
}
