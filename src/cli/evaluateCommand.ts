import { basename, join } from 'node:path';
import type { Analyzed } from '../analyze.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { prepareEvaluator, type Evaluator } from '../evaluator.js';
import type { Host } from '../host.js';
import { readEvaluationOptions, readShowOptions, type EvaluationOptions } from '../options.js';
import { makeOutputDirectory } from '../outputDirectory.js';
import { readReportFile } from '../report/parse.js';
import { readReport } from '../report/read.js';
import { passes } from '../verdict.js';
import { findDockerfile } from '../workspace.js';
import { writeEvaluation, writeReports } from '../writeReports.js';
import { flagOf, formatOf, rawOptions, type Format, type Given } from './given.js';
import { terminalHost } from './host.js';
import { formatted } from './show.js';

interface Setting {
  readonly evaluator: Evaluator;
  readonly options: EvaluationOptions;
  readonly show: ReturnType<typeof readShowOptions>;
  readonly format: Format;
  readonly quiet: boolean;
  readonly explain: boolean;
  readonly dockerfile: { readonly dockerfile: string; readonly target: string };
  readonly host: Host;
  readonly env: NodeJS.ProcessEnv;
}

/** `inline-scan evaluate`: stored reports against what is known today. The image is not needed. */
export async function evaluateCommand(reports: readonly string[], given: Given, env: NodeJS.ProcessEnv): Promise<number> {
  const raw = rawOptions(given, env);
  const options = readEvaluationOptions(raw);
  const quiet = flagOf(given, 'quiet');
  const host = terminalHost(env, quiet);
  const directory = await makeOutputDirectory(raw['output-directory'] ?? '', host);
  const evaluator = await prepareEvaluator(options, directory, raw.cache !== 'false', host);
  const setting: Setting = {
    evaluator, options, show: readShowOptions(raw), format: formatOf(given), quiet, explain: flagOf(given, 'explain'), host, env,
    dockerfile: { dockerfile: raw.dockerfile ?? '', target: raw.target ?? '' },
  };
  try {
    return reports.length === 1 ? await evaluateOne(reports[0] ?? '', directory, setting) : await evaluateMany(reports, directory, setting);
  } finally {
    await evaluator.close();
  }
}

async function evaluateOne(path: string, directory: string, setting: Setting): Promise<number> {
  const { evaluator, options, show, format, quiet, explain, env, host } = setting;
  const analyzed = await stored(path, setting);
  const evaluated = await evaluator.evaluate(analyzed);
  const written = await writeReports(evaluated, analyzed, show, directory);
  if (!quiet || format !== 'table') process.stdout.write(formatted(format, evaluated, written, show, env));
  if (explain) process.stderr.write(`${evaluated.explained.join('\n')}\n`);
  host.say(`Reports are in ${directory}`);
  return passes(evaluated.evaluation, options.failOn, options.failOnNew) ? 0 : 1;
}

/**
 * One line, or with `json` one evaluation, for each report; each has a folder of its own. In it is evaluation.json: the rest would cost more than
 * to evaluate, and comes from a report by itself, or with `sarif` or `markdown`.
 */
async function evaluateMany(paths: readonly string[], directory: string, setting: Setting): Promise<number> {
  const { evaluator, options, show, format, quiet, explain, host } = setting;
  let passed = true;
  for (const [index, path] of paths.entries()) {
    const analyzed = await stored(path, setting);
    const evaluated = await evaluator.evaluate(analyzed);
    const folder = await makeOutputDirectory(join(directory, `${String(index + 1).padStart(4, '0')}-${basename(path, '.json')}`), host);
    passed &&= passes(evaluated.evaluation, options.failOn, options.failOnNew);
    if (format === 'sarif' || format === 'markdown') {
      const written = await writeReports(evaluated, analyzed, show, folder);
      process.stdout.write(format === 'sarif' ? written.sarif : written.markdown);
    } else await writeEvaluation(evaluated, folder);
    if (format === 'json') process.stdout.write(`${JSON.stringify(evaluated.evaluation)}\n`);
    else if (format === 'table' && !quiet) process.stdout.write(`${line(path, evaluated.evaluation)}\n`);
    if (explain) process.stderr.write(`${evaluated.explained.join('\n')}\n`);
  }
  host.say(`${paths.length} reports evaluated; what came of each is in ${directory}`);
  return passed ? 0 : 1;
}

function line(path: string, { verdict, counts, image }: Evaluation): string {
  return `${verdict.padEnd(4)}  ${image.name}  ${counts.stop} stop, ${counts.warn} warn, ${counts.suppressed} suppressed  ${path}`;
}

async function stored(path: string, { dockerfile, host }: Setting): Promise<Analyzed> {
  const report = await readReportFile(path);
  const image = readReport(report);
  // a report that holds its own Dockerfile needs none of the workspace's, unless it is named
  const found = dockerfile.dockerfile === '' ? undefined : await findDockerfile(dockerfile, image.history, host);
  const own = image.dockerfile.mode === 'Actual' ? { path: 'Dockerfile', contents: image.dockerfile.contents, target: dockerfile.target } : undefined;
  return { report, image, reportFile: path, dockerfile: found ?? own };
}
