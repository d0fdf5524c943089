import { basename, join } from 'node:path';
import { InputError } from '../../errors.js';
import type { Evaluation } from '../../evaluation/evaluation.js';
import { makeOutputDirectory } from '../../outputDirectory.js';
import { allTheSame, passes } from '../../verdict.js';
import { writeEvaluation, writeReports } from '../../writeReports.js';
import { stored, type Prepared } from './request.js';

/** One of several reports. */
export interface Job {
  readonly path: string;
  /** From 0, as they were given. */
  readonly index: number;
}

/** What came of it. An error is this report's own: the others can be evaluated nevertheless. */
export type Outcome =
  | { readonly kind: 'evaluated'; readonly passed: boolean; /** For standard output. */ readonly output: string; readonly explained: readonly string[] }
  | { readonly kind: 'error'; readonly message: string };

/**
 * Evaluates one of several reports; it has a folder of its own. In it is evaluation.json: the rest would cost more than
 * to evaluate, and comes from a report by itself, or with `sarif` or `markdown`.
 * @throws BackendError where advisories or the backend cannot be had: the others need them too
 */
export async function evaluateJob(job: Job, prepared: Prepared): Promise<Outcome> {
  try {
    return await evaluated(job, prepared);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'error', message: error.message.includes(job.path) ? error.message : `${job.path}: ${error.message}` };
  }
}

async function evaluated({ path, index }: Job, prepared: Prepared): Promise<Outcome> {
  const { evaluator, host, request: { options, show, format, quiet, explain, outputDirectory } } = prepared;
  const analyzed = await stored(path, prepared);
  const found = await evaluator.evaluate(analyzed);
  const folder = await makeOutputDirectory(join(outputDirectory, `${String(index + 1).padStart(4, '0')}-${basename(path, '.json')}`), host);
  const passed = passes(found.evaluation, options.failOn, options.failOnNew);
  const explained = explain ? found.explained : [];
  if (format === 'sarif' || format === 'markdown') {
    const { sarif, markdown } = await writeReports(found, analyzed, show, folder, allTheSame(found.evaluation, options.failOn, options.failOnNew));
    return { kind: 'evaluated', passed, explained, output: format === 'sarif' ? sarif : markdown };
  }
  await writeEvaluation(found, folder);
  if (format === 'json') return { kind: 'evaluated', passed, explained, output: `${JSON.stringify(found.evaluation)}\n` };
  return { kind: 'evaluated', passed, explained, output: quiet ? '' : line(path, found.evaluation) };
}

function line(path: string, { verdict, counts, image }: Evaluation): string {
  return `${verdict.padEnd(4)}  ${image.name}  ${counts.stop} stop, ${counts.warn} warn, ${counts.suppressed} suppressed  ${path}\n`;
}
