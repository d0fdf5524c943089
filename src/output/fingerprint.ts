import { createHash } from 'node:crypto';
import type { Finding } from '../evaluation/evaluation.js';

/**
 * What makes a finding the same one in another build: the rule, and what it is about. Versions, layers and lines are left out,
 * since they move when an image is rebuilt; so are ages, which grow by themselves. 32 hex digits.
 */
export function fingerprint(finding: Finding): string {
  return hash(subject(finding), finding.policy, finding.rule);
}

/** The same whichever rule or policy told it: what people see once. */
export function subjectFingerprint(finding: Finding): string {
  return hash(subject(finding));
}

/**
 * The fingerprints of a list, in its order, no two of them equal: findings that differ in their version alone are told apart by it,
 * those that differ in nothing by their order.
 */
export function fingerprints(findings: readonly Finding[], of: (finding: Finding) => string = fingerprint): readonly string[] {
  const plain = findings.map(of);
  const versioned = apart(plain, (index) => findings[index]?.vulnerability?.package.purl ?? findings[index]?.location?.path ?? '');
  const seen = new Map<string, number>();
  return versioned.map((value) => {
    const before = seen.get(value) ?? 0;
    seen.set(value, before + 1);
    return before === 0 ? value : hash([value], String(before));
  });
}

function apart(values: readonly string[], difference: (index: number) => string): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.map((value, index) => ((counts.get(value) ?? 0) > 1 ? hash([value], difference(index)) : value));
}

function subject({ gate, trigger, id, message, vulnerability, location }: Finding): readonly string[] {
  if (vulnerability !== undefined) {
    const { type, name, path } = vulnerability.package;
    return ['vulnerability', vulnerability.id, type, name, path ?? location?.path ?? ''];
  }
  const ages = message.replace(/\d+(?:\.\d+)? (days?|hours?)\b/g, '# $1');
  return [gate, trigger, ages === message ? id : ages, location?.path ?? ''];
}

function hash(parts: readonly string[], ...more: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify([...parts, ...more])).digest('hex').slice(0, 32);
}
