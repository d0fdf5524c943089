import { join } from 'node:path';
import type { Analyzed } from './analyze.js';
import type { Evaluated } from './evaluator.js';
import type { Evaluation } from './evaluation/evaluation.js';
import type { ShowOptions } from './options.js';
import { bom } from './output/bom.js';
import { namedPackages } from './output/bom/packages.js';
import { sarif } from './output/sarif.js';
import { shown } from './output/shown.js';
import { spdx } from './output/spdx.js';
import { summary } from './output/summary.js';
import type { WrittenFiles } from './outputs.js';
import { writeWhole } from './report/serialize.js';

/** What the reports say, for those who show them again. */
export interface Written {
  readonly files: WrittenFiles;
  /** summary.md. */
  readonly markdown: string;
  /** results.sarif. */
  readonly sarif: string;
  /** evaluation.json. */
  readonly json: string;
}

/** Writes evaluation.json alone. */
export async function writeEvaluation({ evaluation }: Evaluated, directory: string): Promise<void> {
  await writeWhole(join(directory, EVALUATION), [evaluationJson(evaluation)]);
}

const EVALUATION = 'evaluation.json';

function evaluationJson(evaluation: Evaluation): string {
  return `${JSON.stringify(evaluation, undefined, 2)}\n`;
}

/**
 * Writes evaluation.json, results.sarif, both bills of materials and summary.md; each whole, or not at all.
 * @param passesAllTheSame why the step passes though the verdict says no
 */
export async function writeReports({ evaluation, gone }: Evaluated, { image, reportFile }: Analyzed, show: ShowOptions, directory: string, passesAllTheSame: string | undefined): Promise<Written> {
  const visible = shown(evaluation, show);
  const packages = namedPackages(image);
  const texts = {
    json: evaluationJson(evaluation),
    sarif: `${JSON.stringify(sarif(visible, { gone }), undefined, 1)}\n`,
    markdown: summary(visible, { gone, packages: image.packages.length, allTheSame: passesAllTheSame }),
  };
  const files = {
    report: reportFile,
    evaluation: join(directory, EVALUATION),
    sarif: join(directory, 'results.sarif'),
    sbom: join(directory, 'sbom.cdx.json'),
    summary: join(directory, 'summary.md'),
  };
  await Promise.all([
    writeWhole(files.evaluation, [texts.json]),
    writeWhole(files.sarif, [texts.sarif]),
    writeWhole(files.summary, [texts.markdown]),
    writeWhole(files.sbom, [bom(evaluation, image, packages)]),
    writeWhole(join(directory, 'sbom.spdx.json'), [spdx(evaluation, image, packages)]),
  ]);
  return { files, ...texts };
}
