import { SEVERITIES, type Evaluation, type Finding, type Severity } from '../evaluation/evaluation.js';
import { count, thousands } from './describe.js';

export interface Show {
  /** The least severity of a vulnerability that reports show. */
  readonly minimumSeverity: Severity;
  /** Only vulnerabilities that a newer version mends. */
  readonly onlyFixed: boolean;
}

/** The evaluation with the findings that reports show; verdict and counts stay the policy's, and a notice says how many are left out. */
export function shown(evaluation: Evaluation, show: Show): Evaluation {
  const findings = evaluation.findings.filter((finding) => isShown(finding, show));
  if (findings.length === evaluation.findings.length) return evaluation;
  const hidden = evaluation.findings.filter((finding) => finding.suppressed === undefined && !isShown(finding, show));
  return { ...evaluation, findings, notices: [...(hidden.length === 0 ? [] : [leftOut(hidden, show)]), ...(evaluation.notices ?? [])] };
}

function leftOut(hidden: readonly Finding[], { minimumSeverity, onlyFixed }: Show): string {
  const why = [...(onlyFixed ? ['only-fixed'] : []), ...(minimumSeverity === SEVERITIES[0] ? [] : [`minimum-severity: ${minimumSeverity}`])].join(', ');
  const stops = hidden.filter(({ action }) => action === 'stop').length;
  const deciding = stops === 0 ? '' : `, ${thousands(stops)} of which ${stops === 1 ? 'stops' : 'stop'} the image,`;
  return `${count(hidden.length, 'finding')}${deciding} ${hidden.length === 1 ? 'is' : 'are'} not shown (${why}); evaluation.json has all of them.`;
}

function isShown({ vulnerability }: Finding, { minimumSeverity, onlyFixed }: Show): boolean {
  if (vulnerability === undefined) return true;
  if (onlyFixed && vulnerability.fixedIn.length === 0) return false;
  return SEVERITIES.indexOf(vulnerability.severity) >= SEVERITIES.indexOf(minimumSeverity);
}
