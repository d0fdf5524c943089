import { SEVERITIES, type Action, type Finding, type Severity } from '../evaluation/evaluation.js';

const ACTIONS: Readonly<Record<Action, number>> = { stop: 2, warn: 1, go: 0 };

/** Gravest first: what is not suppressed, what stops, what is graver, exploited, likelier, mendable; then by vulnerability and path, so that the order is always the same. */
export function byGravity(a: Finding, b: Finding): number {
  return Number(a.suppressed !== undefined) - Number(b.suppressed !== undefined)
    || ACTIONS[b.action] - ACTIONS[a.action]
    || severityRank(b) - severityRank(a)
    || Number(b.vulnerability?.knownExploited ?? false) - Number(a.vulnerability?.knownExploited ?? false)
    || (b.vulnerability?.cvss?.score ?? 0) - (a.vulnerability?.cvss?.score ?? 0)
    || (b.vulnerability?.epss ?? 0) - (a.vulnerability?.epss ?? 0)
    || text(a.vulnerability?.id ?? '', b.vulnerability?.id ?? '')
    || text(pathOf(a), pathOf(b))
    || text(a.message, b.message)
    || text(a.id, b.id);
}

/** Secrets and malware weigh like the gravest vulnerabilities, what only breaks a rule like a medium one. */
const WEIGHTY = new Set(['secret_scans', 'malware']);

function severityRank({ gate, vulnerability }: Finding): number {
  if (vulnerability !== undefined) return SEVERITIES.indexOf(vulnerability.severity);
  return SEVERITIES.indexOf(WEIGHTY.has(gate) ? 'critical' : 'medium');
}

/** Bands of code scanning: critical is above 9.0, high from 7.0, medium from 4.0, low above 0. */
const BANDS: Readonly<Record<Severity, readonly [least: number, usual: number, most: number]>> = {
  critical: [9.1, 9.5, 10], high: [7, 8, 8.9], medium: [4, 5.5, 6.9], low: [0.1, 2, 3.9], negligible: [0.1, 0.5, 3.9], unknown: [0.1, 0.1, 0.1],
};
const RULES: Readonly<Record<Action, number>> = { stop: 7.5, warn: 5, go: 1 };

/** From 0.1 to 10, as code scanning sorts by; a CVSS score only within the severity's band, so that both say the same. */
export function securitySeverity({ vulnerability, gate, action }: Finding): number {
  if (vulnerability === undefined) return WEIGHTY.has(gate) && action === 'stop' ? 9.5 : RULES[action];
  const [least, usual, most] = BANDS[vulnerability.severity];
  return Math.min(Math.max(vulnerability.cvss?.score ?? usual, least), most);
}

export function pathOf({ location, vulnerability }: Finding): string {
  return location?.path ?? vulnerability?.package.path ?? '';
}

function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
