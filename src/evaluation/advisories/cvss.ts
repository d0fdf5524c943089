import calculator from 'ae-cvss-calculator';
import type { CvssScore } from '../vulnerability.js';
import type { Severity } from '../evaluation.js';

/** No vector in the standards is longer; a hostile one must not cost time. */
const LONGEST_VECTOR = 300;

const VERSIONS: readonly (readonly [RegExp, CvssScore['version']])[] = [
  [/^CVSS:4\.0\//, '4.0'],
  [/^CVSS:3\.1\//, '3.1'],
  [/^CVSS:3\.0\//, '3.0'],
  [/^(?:CVSS:2\.0\/)?\(?AV:[LAN]\/AC:[HML]\/Au:/, '2.0'],
];

type Scores = Omit<CvssScore, 'by'>;

/** Many records bear the same vector, and calculating one takes longer than all the rest of a match. */
const known = new Map<string, Scores | null>();
const MOST_KNOWN = 20_000;

/** @returns the scores of a CVSS vector, or null where it is none or not whole */
export function scoreOf(vector: string, by: CvssScore['by']): CvssScore | null {
  let scores = known.get(vector);
  if (scores === undefined) {
    scores = calculated(vector);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(vector, scores);
  }
  return scores === null ? null : { ...scores, by };
}

function calculated(vector: string): Scores | null {
  const version = VERSIONS.find(([start]) => start.test(vector))?.[1];
  if (version === undefined || vector.length > LONGEST_VECTOR) return null;
  const scores = calculate(version, vector);
  const base = numberIn(scores, 'base');
  if (base === null) return null;
  const detailed = version !== '4.0';
  return {
    version,
    vector,
    base,
    exploitability: detailed ? numberIn(scores, 'exploitability') : null,
    impact: detailed ? numberIn(scores, 'impact') : null,
  };
}

function calculate(version: CvssScore['version'], vector: string): object {
  try {
    if (version === '4.0') return new calculator.Cvss4P0(vector).calculateScores();
    if (version === '3.1') return new calculator.Cvss3P1(vector).calculateScores();
    if (version === '3.0') return new calculator.Cvss3P0(vector).calculateScores();
    return new calculator.Cvss2(vector.replace(/^CVSS:2\.0\//, '').replace(/[()]/g, '')).calculateScores();
  } catch {
    return {};
  }
}

function numberIn(scores: object, key: string): number | null {
  const value: unknown = (scores as Readonly<Record<string, unknown>>)[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The qualitative scale: https://www.first.org/cvss/v4.0/specification-document 6; for v2, which has none, NVD's. */
export function ratingOf(score: CvssScore): Severity {
  if (score.base === 0) return 'negligible';
  if (score.base < 4) return 'low';
  if (score.base < 7) return 'medium';
  return score.base < 9 || score.version === '2.0' ? 'high' : 'critical';
}

/** v3.x before v4 before v2: policies compare v3 scores. */
const PREFERENCE: Readonly<Record<CvssScore['version'], number>> = { '3.1': 0, '3.0': 1, '4.0': 2, '2.0': 3 };

export function byPreference(a: CvssScore, b: CvssScore): number {
  return PREFERENCE[a.version] - PREFERENCE[b.version] || b.base - a.base || (a.vector < b.vector ? -1 : 1);
}
