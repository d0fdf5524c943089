import type { ScannedPackage } from '../../report/scanned.js';
import type { AdvisoryAnswer, Uncovered, VulnerabilityMatch } from '../vulnerability.js';
import { byPreference } from './cvss.js';
import type { Distro } from './distributions.js';
import type { ExploitData } from './exploited.js';
import { claimsOf, grouped, isCve, type Group } from './identity.js';
import { ask, type Asked, type Query } from './packages.js';
import { boundsHolding, fixesAbove, installed, placed, type Installed } from './ranges.js';
import type { Affected, AdvisoryRecord, PackageStatements, Statement } from './record.js';
import { distinct, gravityOf, type Gravity } from './severity.js';
import type { Gathered, RecordSource } from './sources/source.js';
import { schemeOf } from './versions/index.js';

/** That one record applies to one package. */
interface Hit {
  readonly record: AdvisoryRecord;
  readonly affected: Affected;
  readonly rule: string;
  /** Versions that mend it, smallest first. */
  readonly fixes: readonly string[];
}

/** A vulnerability of a package, with what its own records say of its gravity. */
interface Judged {
  readonly package: ScannedPackage;
  readonly group: Group<Hit>;
  /** By which records of the same vulnerability elsewhere are found. */
  readonly names: readonly string[];
  readonly own: Gravity;
}

/** What vendors call it when there will be no fix, in lower case: Debian, Wolfi, Red Hat, Ubuntu. */
const WONT_FIX = new Set([
  'no-dsa', 'nodsa', 'postponed', 'ignored', 'unimportant', 'end-of-life', 'eol', 'wont-fix', "won't fix", 'will not fix', 'will_not_fix', 'wontfix',
  'fix-not-planned', 'fix deferred', 'fix_deferred', 'deferred', 'out of support scope', 'out-of-support-scope',
]);

/** Advisories of vendors that are published with their fix; the others (`DEBIAN-CVE-…`) may have got it later. */
const PUBLISHED_WITHOUT_FIX = /^(?:[A-Z]+-)?CVE-/;

/** Problems of one kind are told so often, and then counted. */
const MOST_PROBLEMS = 50;

/**
 * Which vulnerabilities an image's packages have, by the records of a source.
 * @throws BackendError where the source cannot be had
 */
export async function matchPackages(packages: readonly ScannedPackage[], distro: Distro, source: RecordSource, exploits: ExploitData): Promise<AdvisoryAnswer> {
  const asked = packages.map((found) => ask(found, distro));
  const gathered = await source.gather(asked.flatMap(({ queries }) => queries));
  const coverage = coverageOf(asked, gathered);
  const problems = new Set([...exploits.problems, ...gathered.problems]);
  const judged = asked.flatMap((one) => groupsOf(one, gathered, problems).map((group) => ({ package: one.package, group, names: namesToAsk(group), own: ownGravity(group) })));
  const gravities = await missingGravities(judged, gathered);
  const matches = judged.map((one) => matchOf(one, gravities));
  return {
    used: gathered.used,
    matches: await withExploits(matches, exploits),
    ...coverage,
    problems: shortened([...problems]),
    hasKnownExploited: exploits.known !== null,
    hasEpss: exploits.hasEpss,
  };
}

function coverageOf(asked: readonly Asked[], gathered: Gathered): Pick<AdvisoryAnswer, 'covered' | 'uncovered' | 'newest'> {
  const newest = new Map<string, string>();
  const covered = new Set<string>();
  const uncovered = new Map<string, Omit<Uncovered, 'ecosystem'>>();
  const miss = (ecosystem: string, why: string, missedBy?: ScannedPackage['kind']): void => {
    uncovered.set(ecosystem, { packages: (uncovered.get(ecosystem)?.packages ?? 0) + 1, why, ...(missedBy === undefined ? {} : { missedBy }) });
  };
  for (const { package: { kind }, queries, why } of asked) {
    if (why !== undefined) miss(why.ecosystem, why.reason, kind === 'os' ? kind : undefined);
    const ecosystems = [...new Set(queries.map(({ ecosystem }) => ecosystem))];
    const known = ecosystems.map((ecosystem) => ({ ecosystem, coverage: gathered.coverage(ecosystem) }));
    for (const { ecosystem, coverage } of known) {
      if (!coverage.known) continue;
      covered.add(ecosystem);
      if (coverage.newest !== null) newest.set(ecosystem, coverage.newest);
    }
    const [first] = known;
    if (first !== undefined && !first.coverage.known && known.every(({ coverage }) => !coverage.known)) miss(first.ecosystem, first.coverage.why, kind);
  }
  return {
    covered: [...covered].sort(),
    uncovered: [...uncovered].map(([ecosystem, rest]) => ({ ecosystem, ...rest })).sort((a, b) => (a.ecosystem < b.ecosystem ? -1 : 1)),
    newest: Object.fromEntries([...newest].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function groupsOf({ package: found, queries }: Asked, gathered: Gathered, problems: Set<string>): readonly Group<Hit>[] {
  const hits = new Map<string, Hit>();
  for (const query of queries) {
    const stated = gathered.statements(query);
    const version = installed(query.ecosystem, query.version);
    if (version.place === undefined && stated.some(({ bounded }) => bounded.length > 0)) problems.add(`${query.ecosystem} ${query.name}: the version ${JSON.stringify(query.version.slice(0, 60))} cannot be read, so advisories were matched by equality only`);
    for (const one of stated) {
      for (const hit of hitsIn(one, query, version, problems)) hits.set(`${hit.record.id} ${hit.affected.index}`, hit);
    }
  }
  return hits.size === 0 ? [] : grouped(inOrder([...hits.values()]).flatMap((hit) => claimsOf(hit.record, found.kind === 'os').map((claim) => ({ claim, item: hit }))));
}

/** Bounds first: of most the statements below them need not be looked at. */
function hitsIn({ bounded, broken, siblings }: PackageStatements, query: Query, version: Installed, problems: Set<string>): readonly Hit[] {
  const isAbout = ({ affected: { binaries } }: Statement): boolean => binaries === null || query.binary === '' || binaries.includes(query.binary);
  for (const statement of broken.filter(isAbout)) problems.add(`${statement.id} says of ${query.name} what breaks the schema (${statement.broken ?? ''}): look at ${statement.record.url}`);
  const hits: Hit[] = [];
  for (const below of bounded) {
    const held = boundsHolding(below.bounds, version);
    if (!held.holds && held.doubts.length === 0) continue;
    for (const statement of below.statements().filter(isAbout)) {
      const { id, affected } = statement;
      const { rule, doubts } = placed(held, affected.index);
      for (const doubt of doubts) problems.add(`${id} on ${query.name}: ${doubt}`);
      if (held.holds) hits.push({ record: statement.record, affected, rule, fixes: fixesAbove(siblings(statement), query.version) });
    }
  }
  return hits;
}

/** What records of the same vulnerability elsewhere say, for those whose own records say nothing: by CVE. */
async function missingGravities(judged: readonly Judged[], gathered: Gathered): Promise<ReadonlyMap<string, Gravity>> {
  const silent = new Set(judged.filter(({ own }) => own.severity === 'unknown').flatMap(({ names }) => names));
  const records = silent.size === 0 ? [] : await gathered.named([...silent].sort());
  const gravities = new Map<string, Gravity>();
  for (const record of [...records].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const gravity = gravityOf(record, null);
    for (const name of [record.id, ...record.aliases]) {
      const before = gravities.get(name);
      if (!silent.has(name) || (before !== undefined && before.severity !== 'unknown')) continue;
      gravities.set(name, gravity);
    }
  }
  return gravities;
}

function namesToAsk({ id, aliases }: Group<Hit>): readonly string[] {
  const cves = [id, ...aliases].filter(isCve);
  return cves.length > 0 ? cves : [id, ...aliases].filter((name) => name.startsWith('GHSA-'));
}

/** The vendor's before what only passes on NVD's. */
function ownGravity({ items }: Group<Hit>): Gravity {
  const gravities = items.map(({ record, affected }) => gravityOf(record, affected));
  return {
    severity: gravities.find(({ severity }) => severity !== 'unknown')?.severity ?? 'unknown',
    cvss: distinct(gravities.flatMap(({ cvss }) => cvss)).sort(byPreference),
  };
}

/** GitHub's reviewed records say most (word, vector, summary), then other databases', then copies of CVE records. */
function inOrder(hits: readonly Hit[]): readonly Hit[] {
  if (hits.length < 2) return hits;
  const rank = ({ record }: Hit): number => (record.id.startsWith('GHSA-') ? 0 : PUBLISHED_WITHOUT_FIX.test(record.id) ? 2 : 1);
  return [...hits].sort((a, b) => rank(a) - rank(b) || (a.record.id < b.record.id ? -1 : a.record.id > b.record.id ? 1 : a.affected.index - b.affected.index));
}

function matchOf({ package: found, group, names, own }: Judged, gravities: ReadonlyMap<string, Gravity>): VulnerabilityMatch {
  const hits = group.items;
  const gravity = own.severity === 'unknown' ? elsewhere(names, own, gravities) : own;
  const fix = latestFix(hits);
  return {
    id: group.id,
    aliases: group.aliases,
    package: found,
    severity: gravity.severity,
    cvss: gravity.cvss,
    fixedIn: fix?.fixes ?? [],
    wontFix: fix === undefined ? (hits.map(({ affected }) => affected.state).find((state) => WONT_FIX.has(state.toLowerCase().replace(/\*+$/, ''))) ?? '') : '',
    url: hits[0]?.record.url ?? '',
    summary: hits.map(({ record }) => record.summary).find((summary) => summary !== '') ?? '',
    published: hits.map(({ record }) => record.published).filter((date) => date !== '').sort()[0] ?? '',
    fixedAt: fix === undefined || PUBLISHED_WITHOUT_FIX.test(fix.record.id) ? '' : fix.record.published,
    knownExploited: null,
    epss: null,
    matchedBy: hits.map(({ record, rule }) => `${record.id} ${rule}`).join('; '),
  };
}

function elsewhere(names: readonly string[], own: Gravity, gravities: ReadonlyMap<string, Gravity>): Gravity {
  const others = names.map((name) => gravities.get(name)).filter((gravity) => gravity !== undefined);
  return {
    severity: others.find(({ severity }) => severity !== 'unknown')?.severity ?? 'unknown',
    cvss: distinct([...own.cvss, ...others.flatMap(({ cvss }) => cvss)]).sort(byPreference),
  };
}

/** Of several records about one vulnerability the one with the latest fix: an earlier one did not mend all of it. */
function latestFix(hits: readonly Hit[]): Hit | undefined {
  return hits.filter(({ fixes }) => fixes.length > 0).reduce<Hit | undefined>((latest, hit) => {
    const [before, after] = [latest?.fixes[0], hit.fixes[0]];
    if (latest === undefined || before === undefined || after === undefined) return latest ?? hit;
    return (schemeOf(hit.affected.ecosystem)?.compare(after, before) ?? 0) > 0 ? hit : latest;
  }, undefined);
}

async function withExploits(matches: readonly VulnerabilityMatch[], exploits: ExploitData): Promise<readonly VulnerabilityMatch[]> {
  if (exploits.known === null && !exploits.hasEpss) return matches;
  const cvesOf = ({ id, aliases }: VulnerabilityMatch): readonly string[] => [id, ...aliases].filter(isCve);
  const scores = await exploits.scores(new Set(matches.flatMap(cvesOf)));
  return matches.map((match) => {
    const cves = cvesOf(match);
    const known = cves.map((cve) => scores.get(cve)).filter((score) => score !== undefined);
    return {
      ...match,
      knownExploited: exploits.known === null ? null : cves.some((cve) => exploits.known?.has(cve)),
      epss: known.length === 0 ? null : Math.max(...known),
    };
  });
}

function shortened(problems: readonly string[]): readonly string[] {
  const sorted = [...problems].sort();
  if (sorted.length <= MOST_PROBLEMS) return sorted;
  return [...sorted.slice(0, MOST_PROBLEMS), `${sorted.length - MOST_PROBLEMS} more problems with advisories are not listed`];
}
