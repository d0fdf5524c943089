import { readEvaluationOptions, readShowOptions } from '../options.js';
import { makeOutputDirectory } from '../outputDirectory.js';
import { allTheSame, passes } from '../verdict.js';
import { writeReports } from '../writeReports.js';
import { evaluateSeveral } from './evaluate/several.js';
import { prepare, stored, type Prepared } from './evaluate/request.js';
import { flagOf, formatOf, rawOptions, type Given } from './given.js';
import { atTerminal } from './host.js';
import { formatted, print } from './show.js';

/** `inline-scan evaluate`: stored reports against what is known today. The image is not needed. */
export async function evaluateCommand(reports: readonly string[], given: Given, env: NodeJS.ProcessEnv): Promise<number> {
  const raw = rawOptions(given, env);
  const asked = {
    options: readEvaluationOptions(raw), show: readShowOptions(raw), format: formatOf(given), quiet: flagOf(given, 'quiet'), explain: flagOf(given, 'explain'),
    cache: raw.cache !== 'false', dockerfile: { dockerfile: raw.dockerfile ?? '', target: raw.target ?? '' }, env: { ...env },
  };
  return atTerminal(env, asked.quiet, async (host) => {
    const outputDirectory = await makeOutputDirectory(raw['output-directory'] ?? '', host);
    const prepared = await prepare({ ...asked, outputDirectory }, host);
    try {
      return reports.length === 1 ? await evaluateOne(reports[0] ?? '', prepared) : await evaluateSeveral(reports, prepared);
    } finally {
      await prepared.evaluator.close();
    }
  });
}

async function evaluateOne(path: string, prepared: Prepared): Promise<number> {
  const { evaluator, host, request: { options, show, format, quiet, explain, outputDirectory, env } } = prepared;
  const analyzed = await stored(path, prepared);
  const evaluated = await evaluator.evaluate(analyzed);
  const written = await writeReports(evaluated, analyzed, show, outputDirectory, allTheSame(evaluated.evaluation, options.failOn, options.failOnNew));
  if (!quiet || format !== 'table') await print(formatted(format, evaluated, written, show, env));
  if (explain) process.stderr.write(`${evaluated.explained.join('\n')}\n`);
  host.say(`Reports are in ${outputDirectory}`);
  return passes(evaluated.evaluation, options.failOn, options.failOnNew) ? 0 : 1;
}
