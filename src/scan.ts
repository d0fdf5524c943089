import { analyze } from './analyze.js';
import type { Evaluation } from './evaluation/evaluation.js';
import { prepareEvaluator } from './evaluator.js';
import type { Host } from './host.js';
import type { Options } from './options.js';
import type { WrittenFiles } from './outputs.js';
import type { ScannedImage } from './report/scanned.js';
import { passes } from './verdict.js';
import { makeOutputDirectory, writeReports } from './writeReports.js';

export interface ScanResult {
  readonly evaluation: Evaluation;
  readonly image: ScannedImage;
  /** What fail-on makes of the verdict. */
  readonly passed: boolean;
  readonly files: WrittenFiles;
  /** summary.md. */
  readonly markdown: string;
}

/**
 * The whole scan: archive → layers → facts, by layer → flattened image → report → evaluation → reports to people.
 * @throws InputError, ImageError, BackendError; whatever is thrown, nothing has passed
 */
export async function scan(options: Options, host: Host): Promise<ScanResult> {
  const directory = await makeOutputDirectory(options.outputDirectory, host);
  // policies, exceptions and the like first: a misspelt one is told before the work
  const evaluator = await prepareEvaluator(options.evaluation, directory, options.cache, host);
  const analyzed = await analyze(options, directory, host);
  const evaluation = await evaluator.evaluate(analyzed);
  const { files, markdown } = await writeReports(evaluation, analyzed, options.show, directory);
  return { evaluation, image: analyzed.image, passed: passes(evaluation, options.evaluation.failOn, options.evaluation.failOnNew), files, markdown };
}
