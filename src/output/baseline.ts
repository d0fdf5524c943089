import type { EvaluatedImage, Evaluation, Finding } from '../evaluation/evaluation.js';
import { fingerprint, fingerprints } from './fingerprint.js';

export interface Compared {
  /** Every finding says whether it is new; none does where the baseline is another image's. */
  readonly evaluation: Evaluation;
  /** Findings of the baseline that are there no more, in its order; undefined where nothing was compared. */
  readonly gone: readonly Finding[] | undefined;
  readonly added: number;
  readonly same: number;
}

/**
 * Marks what a baseline does not have. A finding is the same one in another build by its fingerprint, a vulnerability under any of its names; one that
 * was suppressed in the baseline and is not now counts as new, since now it decides. With the baseline of another image nothing is marked, and a notice says so.
 */
export function markNew(evaluation: Evaluation, baseline: Evaluation): Compared {
  const other = otherImage(evaluation.image, baseline.image);
  if (other !== undefined) return { evaluation: noted(evaluation, other), gone: undefined, added: 0, same: 0 };
  const before = new Map(fingerprints(baseline.findings).map((print, index) => [print, index]));
  const renamed = underOtherNames(baseline.findings);
  const prints = fingerprints(evaluation.findings);
  const met = new Set<number>();
  const findings = evaluation.findings.map((finding, index) => {
    const at = before.get(prints[index] ?? '') ?? otherNames(finding).map((name) => before.get(name) ?? renamed.get(name)).find((found) => found !== undefined) ?? renamed.get(prints[index] ?? '');
    if (at !== undefined) met.add(at);
    const earlier = at === undefined ? undefined : baseline.findings[at];
    return { ...finding, new: earlier === undefined || (earlier.suppressed !== undefined && finding.suppressed === undefined) };
  });
  const added = findings.filter((finding) => finding.new).length;
  const marked = { ...evaluation, findings };
  return {
    evaluation: baseline.tool.version === evaluation.tool.version ? marked : noted(marked, `The baseline was made by ${baseline.tool.name} ${baseline.tool.version}, and this by ${evaluation.tool.version}: what another version finds differently is told as new or gone.`),
    gone: baseline.findings.filter((_, index) => !met.has(index)), added, same: findings.length - added,
  };
}

/** A CVE that was known by a GHSA alone before, or the other way round, is the same one. */
function otherNames(finding: Finding): readonly string[] {
  const { vulnerability } = finding;
  return vulnerability === undefined ? [] : vulnerability.aliases.map((id) => fingerprint({ ...finding, vulnerability: { ...vulnerability, id } }));
}

function underOtherNames(findings: readonly Finding[]): ReadonlyMap<string, number> {
  return new Map(findings.flatMap((finding, index) => otherNames(finding).map((name) => [name, index] as const)));
}

function noted(evaluation: Evaluation, notice: string): Evaluation {
  return { ...evaluation, notices: [notice, ...(evaluation.notices ?? [])] };
}

/**
 * Tags and registries differ from build to build and from branch to branch; the last part of the name is the image's own.
 * One that has no name is known by its id, which says nothing of the next build's.
 */
function otherImage(image: EvaluatedImage, baseline: EvaluatedImage): string | undefined {
  if (ownName(image.name) === ownName(baseline.name) || isNameless(image) || isNameless(baseline)) return undefined;
  return `The baseline is of another image (${baseline.name}, and this is ${image.name}): nothing was compared with it, and everything decides. Give the baseline of this image, or the same name to both.`;
}

function isNameless({ name, id }: EvaluatedImage): boolean {
  return ownName(name) === id.slice(0, 12);
}

function ownName(name: string): string {
  const [withoutDigest = ''] = name.split('@');
  return withoutDigest.slice(withoutDigest.lastIndexOf('/') + 1).replace(/:[^:]*$/, '');
}
