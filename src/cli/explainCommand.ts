import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.js';
import { explainFinding } from '../output/explainFinding.js';
import { readBaseline } from '../readBaseline.js';
import { readReportFile } from '../report/parse.js';
import { readReport } from '../report/read.js';
import type { Given } from './given.js';

/** `inline-scan explain`: one finding of an evaluation.json; the report beside it says more of its package. */
export async function explainCommand(finding: string, given: Given): Promise<number> {
  const path = String(given['evaluation']);
  const evaluation = readBaseline(path, (file) => existsSync(file) ? readFileSync(file, 'utf8') : undefined, 'evaluation');
  const beside = join(dirname(path), 'report.json');
  const image = existsSync(beside) ? readReport(await readReportFile(beside)) : undefined;
  const text = explainFinding(evaluation, image, finding);
  if (text === undefined) throw new InputError(`${path} has no finding ${JSON.stringify(finding)}. Give the id of one of its findings, or of a vulnerability.`);
  process.stdout.write(text);
  return 0;
}
