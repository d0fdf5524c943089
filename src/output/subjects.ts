import type { Finding } from '../evaluation/evaluation.js';
import { fingerprints, subjectFingerprint } from './fingerprint.js';
import { byGravity } from './gravity.js';

/** What people see once, however many rules and policies tell it. */
export interface Subject {
  /** The gravest of them that is not suppressed, or the gravest. */
  readonly finding: Finding;
  /** `policy/rule` of all of them. */
  readonly told: readonly string[];
  readonly fingerprint: string;
}

/** Gravest first; suppressed only where all of its findings are. */
export function subjects(findings: readonly Finding[]): readonly Subject[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of [...findings].sort(byGravity)) {
    const key = sameThing(finding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const first = [...groups.values()].flatMap((group) => (group[0] === undefined ? [] : [{ finding: group[0], group }]));
  const prints = fingerprints(first.map(({ finding }) => finding), subjectFingerprint);
  return first.map(({ finding, group }, index) => ({
    finding,
    told: [...new Set(group.map(({ policy, rule }) => `${policy}/${rule}`))],
    fingerprint: prints[index] ?? '',
  }));
}

function sameThing({ gate, trigger, id, vulnerability, location }: Finding): string {
  if (vulnerability === undefined) return JSON.stringify([gate, trigger, id, location?.path, location?.line, location?.layer?.index, location?.dockerfile?.startLine]);
  const { type, name, version, path, purl } = vulnerability.package;
  return JSON.stringify([vulnerability.id, type, name, version, purl, path ?? location?.path]);
}
