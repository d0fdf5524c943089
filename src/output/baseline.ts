import type { Evaluation, Finding } from '../evaluation/evaluation.js';
import { fingerprints } from './fingerprint.js';

export interface Compared {
  /** Every finding says whether it is new. */
  readonly evaluation: Evaluation;
  /** Findings of the baseline that are there no more, in its order. */
  readonly gone: readonly Finding[];
  readonly added: number;
  readonly same: number;
}

/**
 * Marks what a baseline does not have. A finding is the same one in another build by its fingerprint; one that was suppressed
 * in the baseline and is not now counts as new, since now it decides.
 */
export function markNew(evaluation: Evaluation, baseline: Evaluation): Compared {
  const before = byFingerprint(baseline.findings);
  const prints = fingerprints(evaluation.findings);
  const findings = evaluation.findings.map((finding, index) => {
    const earlier = before.get(prints[index] ?? '');
    return { ...finding, new: earlier === undefined || (earlier.suppressed !== undefined && finding.suppressed === undefined) };
  });
  const now = new Set(prints);
  const gone = [...before].filter(([print]) => !now.has(print)).map(([, finding]) => finding);
  const added = findings.filter((finding) => finding.new).length;
  return { evaluation: { ...evaluation, findings }, gone, added, same: findings.length - added };
}

function byFingerprint(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  const prints = fingerprints(findings);
  return new Map(findings.map((finding, index) => [prints[index] ?? '', finding]));
}
