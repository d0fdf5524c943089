import type { CvssScore } from '../vulnerability.js';
import type { Severity } from '../evaluation.js';
import { byPreference, ratingOf, scoreOf } from './cvss.js';
import type { Affected, AdvisoryRecord, StatedSeverity } from './record.js';

export interface Gravity {
  readonly severity: Severity;
  readonly cvss: readonly CvssScore[];
}

/** Vendors' words for it, in lower case. What is not here (`not yet assigned`, `untriaged` …) says nothing. */
const WORDS: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'], ['high', 'high'], ['important', 'high'], ['medium', 'medium'], ['moderate', 'medium'],
  ['low', 'low'], ['minor', 'low'], ['negligible', 'negligible'], ['unimportant', 'negligible'], ['informational', 'negligible'],
]);

/** Records that pass on what NVD says, under the CVE's name or a distribution's copy of it. */
const BY_NVD = /^(?:[A-Z]+-)?CVE-/;

/**
 * How grave one record says it is: the vendor's word for this package, then for the whole, then its CVSS vectors.
 * @returns `unknown` where it does not say
 */
export function gravityOf(record: AdvisoryRecord, affected: Affected | null): Gravity {
  const by = BY_NVD.test(record.id) ? 'nvd' : 'vendor';
  const stated = [...(affected?.severity ?? []), ...record.severity];
  const cvss = stated.length === 0 ? [] : distinct(stated.map((one) => scoreOf(one.score, by)).filter((score) => score !== null)).sort(byPreference);
  const word = severityOfWord(affected?.word ?? '') ?? priorityIn(stated) ?? severityOfWord(record.word);
  const first = cvss[0];
  return { severity: word ?? (first === undefined ? 'unknown' : ratingOf(first)), cvss };
}

/** How grave several records about one vulnerability say it is: the first that has a word, and all scores. */
export function gravityOfAll(hits: readonly { readonly record: AdvisoryRecord; readonly affected: Affected }[]): Gravity {
  const gravities = hits.map(({ record, affected }) => gravityOf(record, affected));
  const [first] = gravities;
  if (first !== undefined && gravities.length === 1) return first;
  return {
    severity: gravities.find(({ severity }) => severity !== 'unknown')?.severity ?? 'unknown',
    cvss: distinct(gravities.flatMap(({ cvss }) => cvss)).sort(byPreference),
  };
}

/** Debian marks a judgement that was made for all releases with a `*`. */
export function severityOfWord(word: string): Severity | undefined {
  return word === '' ? undefined : WORDS.get(word.toLowerCase().replace(/\*+$/, '').trim());
}

function priorityIn(stated: readonly StatedSeverity[]): Severity | undefined {
  return severityOfWord(stated.find((one) => one.type === 'Ubuntu')?.score ?? '');
}

export function distinct(scores: readonly CvssScore[]): CvssScore[] {
  if (scores.length < 2) return [...scores];
  const seen = new Set<string>();
  return scores.filter((score) => {
    const key = `${score.vector} ${score.by}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
