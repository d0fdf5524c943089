import type { Evaluation, Finding } from '../evaluation/evaluation.js';
import { nearest } from '../text/suggest.js';
import { fingerprint } from './fingerprint.js';
import { pathOf } from './gravity.js';
import { subjects, type Subject } from './subjects.js';

/** Shorter beginnings of an id name too many. */
const SHORTEST_BEGINNING = 6;

/** What a finding may be called, from the surest; the first that names any counts. */
const WAYS: readonly ((finding: Finding, wanted: string) => boolean)[] = [
  (finding, wanted) => idsOf(finding).includes(wanted),
  (finding, wanted) => wanted.length >= SHORTEST_BEGINNING && [finding.id, fingerprint(finding)].some((id) => id.startsWith(wanted)),
  ({ vulnerability }, wanted) => vulnerability?.package.name.toLowerCase() === wanted,
  (finding, wanted) => pathOf(finding).toLowerCase() === wanted,
];

function idsOf(finding: Finding): string[] {
  const { id, vulnerability } = finding;
  return [id, fingerprint(finding), ...(vulnerability === undefined ? [] : [vulnerability.id, ...vulnerability.aliases])].map((name) => name.toLowerCase());
}

/**
 * The findings that a person means, one for each thing, gravest first.
 * @param name id of a finding (the trigger id) or a fingerprint, or the beginning of one; id of a vulnerability or one of its aliases; name of a package; a path
 */
export function findFindings({ findings }: Evaluation, name: string): readonly Subject[] {
  const wanted = name.trim().toLowerCase();
  if (wanted === '') return [];
  const way = WAYS.map((is) => findings.filter((finding) => is(finding, wanted))).find((found) => found.length > 0);
  return subjects(way ?? []);
}

/** Names of findings that are spelt nearly like one that there is not. */
export function nearestNames({ findings }: Evaluation, name: string, most: number): readonly string[] {
  const names = findings.flatMap((finding) => [finding.vulnerability?.id ?? finding.id, ...(finding.vulnerability?.aliases ?? []), finding.vulnerability?.package.name ?? '', pathOf(finding)]);
  return nearest(name.trim(), [...new Set(names)].filter((one) => one !== ''), most);
}
