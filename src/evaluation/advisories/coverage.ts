import type { ScannedPackage } from '../../report/scanned.js';
import type { AdvisoryAnswer, Uncovered } from '../vulnerability.js';
import type { Asked } from './packages.js';
import type { Coverage, Gathered } from './sources/source.js';

/** For which of an image's packages a source has records, how new they are, and for which it has none. */
export function coverageOf(asked: readonly Asked[], gathered: Gathered): Pick<AdvisoryAnswer, 'covered' | 'uncovered' | 'newest'> {
  const known = coverageByEcosystem(asked, gathered);
  const uncovered = new Map<string, Omit<Uncovered, 'ecosystem'>>();
  const miss = (ecosystem: string, why: string, missedBy?: ScannedPackage['kind']): void => {
    uncovered.set(ecosystem, { packages: (uncovered.get(ecosystem)?.packages ?? 0) + 1, why, ...(missedBy === undefined ? {} : { missedBy }) });
  };
  for (const { package: { kind }, queries, why } of asked) {
    if (why !== undefined) miss(why.ecosystem, why.reason, kind === 'os' ? kind : undefined);
    const [first] = queries;
    const coverage = first === undefined ? undefined : known.get(first.ecosystem);
    if (first === undefined || coverage?.known !== false) continue;
    if (queries.every(({ ecosystem }) => known.get(ecosystem)?.known !== true)) miss(first.ecosystem, coverage.why, kind);
  }
  const covered = [...known].filter(([, coverage]) => coverage.known).sort(byName);
  return {
    covered: covered.map(([ecosystem]) => ecosystem),
    uncovered: [...uncovered].sort(byName).map(([ecosystem, rest]) => ({ ecosystem, ...rest })),
    newest: Object.fromEntries(covered.flatMap(([ecosystem, coverage]) => (coverage.known && coverage.newest !== null ? [[ecosystem, coverage.newest]] : []))),
  };
}

function coverageByEcosystem(asked: readonly Asked[], gathered: Gathered): ReadonlyMap<string, Coverage> {
  const known = new Map<string, Coverage>();
  for (const { queries } of asked) for (const { ecosystem } of queries) if (!known.has(ecosystem)) known.set(ecosystem, gathered.coverage(ecosystem));
  return known;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
