import { SEVERITIES, type Evaluation, type Finding, type Severity } from '../evaluation/evaluation.js';

export interface Show {
  /** The least severity of a vulnerability that reports show. */
  readonly minimumSeverity: Severity;
  /** Only vulnerabilities that a newer version mends. */
  readonly onlyFixed: boolean;
}

/** The evaluation with the findings that reports show; verdict and counts stay the policy's. */
export function shown(evaluation: Evaluation, show: Show): Evaluation {
  return { ...evaluation, findings: evaluation.findings.filter((finding) => isShown(finding, show)) };
}

function isShown({ vulnerability }: Finding, { minimumSeverity, onlyFixed }: Show): boolean {
  if (vulnerability === undefined) return true;
  if (onlyFixed && vulnerability.fixedIn.length === 0) return false;
  return SEVERITIES.indexOf(vulnerability.severity) >= SEVERITIES.indexOf(minimumSeverity);
}
