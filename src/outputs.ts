import type { Evaluation, Finding } from './evaluation/evaluation.js';

/** What later steps of a workflow read; all are set before the step fails. */
export const OUTPUTS = {
  verdict: 'go, warn or stop',
  status: 'pass or fail: what the verdict means with fail-on',
  'image-id': 'The image\'s id, 64 hex digits',
  digest: 'sha256:… of the manifest that the image has without compression',
  name: 'The full name by which policies know the image',
  stops: 'Findings that stop',
  warnings: 'Findings that warn',
  critical: 'Critical vulnerabilities',
  high: 'High vulnerabilities',
  medium: 'Medium vulnerabilities',
  low: 'Low vulnerabilities',
  new: 'With a baseline: findings that it does not have, but for suppressed ones; else empty',
  gone: 'With a baseline: findings of it that are there no more; else empty',
  'result-url': 'Where the backend shows the result, with a backend',
  'report-file': 'Path of report.json',
  'evaluation-file': 'Path of evaluation.json',
  'sarif-file': 'Path of results.sarif, for github/codeql-action/upload-sarif',
  'sbom-file': 'Path of sbom.cdx.json',
  'summary-file': 'Path of summary.md',
} as const;

export type OutputName = keyof typeof OUTPUTS;

/** Paths of the files that a scan wrote. */
export interface WrittenFiles {
  readonly report: string;
  readonly evaluation: string;
  readonly sarif: string;
  readonly sbom: string;
  readonly summary: string;
}

/** @param gone findings of the baseline that are there no more; undefined where nothing was compared */
export function outputsOf(evaluation: Evaluation, passed: boolean, files: WrittenFiles, gone?: readonly Finding[]): Record<OutputName, string> {
  const { counts, image, findings } = evaluation;
  return {
    verdict: evaluation.verdict,
    status: passed ? 'pass' : 'fail',
    'image-id': image.id,
    digest: image.digest,
    name: image.name,
    stops: String(counts.stop),
    warnings: String(counts.warn),
    critical: String(counts.severity.critical),
    high: String(counts.severity.high),
    medium: String(counts.severity.medium),
    low: String(counts.severity.low),
    new: gone === undefined ? '' : String(findings.filter((finding) => finding.new === true && finding.suppressed === undefined).length),
    gone: gone === undefined ? '' : String(gone.length),
    'result-url': evaluation.resultUrl ?? '',
    'report-file': files.report,
    'evaluation-file': files.evaluation,
    'sarif-file': files.sarif,
    'sbom-file': files.sbom,
    'summary-file': files.summary,
  };
}
