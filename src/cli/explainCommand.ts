import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { explainFinding, listFindings } from '../output/explainFinding.js';
import { nearestNames } from '../output/findFindings.js';
import { readBaseline } from '../readBaseline.js';
import { readReportFile } from '../report/parse.js';
import { readReport } from '../report/read.js';
import type { Given } from './given.js';
import { print } from './show.js';

/** Findings that are named where none is called as asked. */
const NEAREST = 5;

/** `inline-scan explain`: one finding of an evaluation.json, or all by their names; the report beside it says more of its package. */
export async function explainCommand(finding: string | undefined, given: Given): Promise<number> {
  const path = evaluationAt(String(given['evaluation']));
  const evaluation = readBaseline(path, (file) => readFileSync(file, 'utf8'), 'evaluation');
  await print(finding === undefined ? listFindings(evaluation) : await explained(evaluation, path, finding));
  return 0;
}

/** The file, or the one of a folder that a scan wrote. */
function evaluationAt(given: string): string {
  const found = statSync(given, { throwIfNoEntry: false })?.isDirectory() === true ? join(given, 'evaluation.json') : given;
  if (!existsSync(found)) throw new InputError(`There is no evaluation ${found}. Give the folder that a scan wrote its reports to, or the evaluation.json in it, with --evaluation PATH.`);
  return found;
}

async function explained(evaluation: Evaluation, path: string, finding: string): Promise<string> {
  const beside = join(dirname(path), 'report.json');
  const image = existsSync(beside) ? readReport(await readReportFile(beside)) : undefined;
  const text = explainFinding(evaluation, image, finding);
  if (text !== undefined) return text;
  const near = nearestNames(evaluation, finding, NEAREST);
  const said = near.length === 0 ? '' : ` Nearest: ${near.join(', ')}.`;
  throw new InputError(`${path} has no finding ${JSON.stringify(finding)}.${said} Without FINDING all are listed.`);
}
