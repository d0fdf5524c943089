import type { Action, Counts, Finding, Severity, Verdict } from './evaluation.js';
import { SEVERITIES } from './evaluation.js';

const GRAVITY: Readonly<Record<Action, number>> = { stop: 0, warn: 1, go: 2 };

/** The gravest of some actions; `go` where there are none. */
export function gravest(actions: Iterable<Action>): Verdict {
  let worst: Verdict = 'go';
  for (const action of actions) if (GRAVITY[action] < GRAVITY[worst]) worst = action;
  return worst;
}

export function statusOf(verdict: Verdict): 'pass' | 'fail' {
  return verdict === 'stop' ? 'fail' : 'pass';
}

/** Whether a verdict fails the step, under `fail-on`. */
export function failsStep(verdict: Verdict, failOn: 'stop' | 'warn' | 'never'): boolean {
  return failOn !== 'never' && GRAVITY[verdict] <= GRAVITY[failOn];
}

/** Sorts findings by action, severity, id and path; what is still equal then by policy, rule and message, so that the order is always the same. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((left, right) => (
    GRAVITY[left.action] - GRAVITY[right.action]
    || severityRank(right) - severityRank(left)
    || compareText(left.id, right.id)
    || compareText(pathOf(left), pathOf(right))
    || compareText(left.policy, right.policy)
    || compareText(left.rule, right.rule)
    || compareText(left.message, right.message)
  ));
}

/** What is no vulnerability comes after all that are. */
function severityRank({ vulnerability }: Finding): number {
  return vulnerability === undefined ? -1 : SEVERITIES.indexOf(vulnerability.severity);
}

/** Equal packages in several places are told apart by their paths. */
function pathOf({ location, vulnerability }: Finding): string {
  return location?.path ?? vulnerability?.package.path ?? '';
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Counts findings by action, and vulnerabilities by severity. Suppressed findings count as suppressed, and for nothing else; a vulnerability of
 * a package that several rules or policies tell counts once.
 */
export function countFindings(findings: readonly Finding[]): Counts {
  const actions: Record<Action, number> = { stop: 0, warn: 0, go: 0 };
  const severity = Object.fromEntries(SEVERITIES.map((name) => [name, 0])) as Record<Severity, number>;
  const seen = new Set<string>();
  let suppressed = 0;
  for (const finding of findings) {
    if (finding.suppressed !== undefined) {
      suppressed += 1;
      continue;
    }
    actions[finding.action] += 1;
    const { vulnerability } = finding;
    if (vulnerability === undefined) continue;
    const { name, version, path } = vulnerability.package;
    const key = [vulnerability.id, name, version, path].join('\n');
    if (seen.has(key)) continue;
    seen.add(key);
    severity[vulnerability.severity] += 1;
  }
  return { ...actions, suppressed, severity };
}
