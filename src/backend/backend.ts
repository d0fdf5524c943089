import type { Evaluation } from '../evaluation/evaluation.js';
import type { ParsedReport } from '../report/parse.js';
import type { ScannedImage } from '../report/scanned.js';

/** What is to be evaluated: the document, and the same read. */
export interface Subject {
  readonly report: ParsedReport;
  readonly image: ScannedImage;
  /** Path of report.json, where it has been written. */
  readonly reportFile: string;
  /** The Dockerfile's path in the workspace, and how many layers it did not bring: where that is known. */
  readonly dockerfilePath?: string | undefined;
  /** The stage that was built, where it is not the last. */
  readonly dockerfileTarget?: string | undefined;
  readonly baseLayers?: number | undefined;
}

/**
 * Who evaluates: this process, or Sysdig Secure by its API. Both give the same shape, so that no report can tell the difference.
 * An evaluation that could not be had is a BackendError, never a pass.
 */
export interface Backend {
  /** `embedded`, or the URL. */
  readonly name: string;
  evaluate(subject: Subject): Promise<Evaluation>;
}
