import { analyzeAhead, type Analyzed, type AnalyzedAhead } from './analyze.js';
import { prepareEvaluator, type Evaluated, type Evaluator } from './evaluator.js';
import type { Host } from './host.js';
import type { Options } from './options.js';
import { makeOutputDirectory } from './outputDirectory.js';
import { allTheSame, passes } from './verdict.js';
import { writeReports, type Written } from './writeReports.js';

export interface ScanResult extends Evaluated {
  readonly analyzed: Analyzed;
  /** What fail-on makes of the verdict. */
  readonly passed: boolean;
  readonly written: Written;
}

/**
 * The whole scan: archive → layers → facts, by layer → flattened image → report → evaluation → reports to people.
 * @throws InputError, ImageError, BackendError; whatever is thrown, nothing has passed
 */
export async function scan(options: Options, host: Host): Promise<ScanResult> {
  const directory = await makeOutputDirectory(options.outputDirectory, host);
  // policies, exceptions and the like first: a misspelt one is told before the work
  const evaluator = await prepareEvaluator(options.evaluation, directory, options.cache, host);
  try {
    const analyzed = await analyzeAhead(options, directory, host);
    const result = judge(analyzed, evaluator, options, directory);
    // whatever comes of it, nothing is left half written
    await Promise.allSettled([result, analyzed.saved]);
    return await result;
  } finally {
    await evaluator.close();
  }
}

async function judge({ saved, ...analyzed }: AnalyzedAhead, evaluator: Evaluator, options: Options, directory: string): Promise<ScanResult> {
  // a backend is sent the file; here only what it says is evaluated
  if (evaluator.readsFile) await saved;
  const evaluated = await evaluator.evaluate(analyzed);
  const { failOn, failOnNew } = options.evaluation;
  const [written] = await Promise.all([writeReports(evaluated, analyzed, options.show, directory, allTheSame(evaluated.evaluation, failOn, failOnNew)), saved]);
  return { ...evaluated, analyzed, written, passed: passes(evaluated.evaluation, failOn, failOnNew) };
}
