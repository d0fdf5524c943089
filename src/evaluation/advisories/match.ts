import type { ScannedPackage } from '../../report/scanned.js';
import type { AdvisoryAnswer, VulnerabilityMatch } from '../vulnerability.js';
import { coverageOf } from './coverage.js';
import type { Distro } from './distributions.js';
import type { ExploitData } from './exploited.js';
import { namesElsewhere, withGravities } from './gravities.js';
import { inOrder, matchOf, type Hit } from './hit.js';
import { claimsOf, grouped, isCve, type Group } from './identity.js';
import { ask, sourceEpochs, type Asked, type Query } from './packages.js';
import { boundsHolding, fixesAbove, installed, placed, type Installed } from './ranges.js';
import type { PackageStatements, Statement } from './record.js';
import type { Gathered, RecordSource } from './sources/source.js';

/** Problems of one kind are told so often, and then counted. */
const MOST_PROBLEMS = 50;

/**
 * Which vulnerabilities an image's packages have, by the records of a source.
 * @throws BackendError where the source cannot be had
 */
export async function matchPackages(packages: readonly ScannedPackage[], distro: Distro, source: RecordSource, exploits: ExploitData): Promise<AdvisoryAnswer> {
  const epochs = sourceEpochs(packages);
  const asked = packages.map((found) => ask(found, distro, epochs));
  const gathered = await source.gather(asked.flatMap(({ queries }) => queries));
  const coverage = coverageOf(asked, gathered);
  const problems = new Set([...exploits.problems, ...gathered.problems]);
  const unread = new Set(gathered.unread);
  const matches: VulnerabilityMatch[] = [];
  const silent = new Map<VulnerabilityMatch, readonly string[]>();
  // one package after the other, each to its end: what it took to judge it can then be forgotten
  for (const one of asked) {
    for (const group of groupsOf(one, gathered, problems, unread)) {
      const match = matchOf(one.package, group);
      matches.push(match);
      if (match.severity === 'unknown') silent.set(match, namesElsewhere(group));
    }
  }
  return {
    used: gathered.used,
    matches: await withExploits(await withGravities(matches, silent, gathered), exploits),
    ...coverage,
    problems: shortened([...problems]),
    unread: [...unread].sort(),
    hasKnownExploited: exploits.known !== null,
    hasEpss: exploits.hasEpss,
  };
}

function groupsOf({ package: found, queries }: Asked, gathered: Gathered, problems: Set<string>, unread: Set<string>): readonly Group<Hit>[] {
  const hits = new Map<string, Hit>();
  for (const query of queries) {
    const stated = gathered.statements(query);
    const version = installed(query.ecosystem, query.version);
    if (version.place === undefined && stated.some(({ bounded }) => bounded.length > 0)) problems.add(`${query.ecosystem} ${query.name}: the version ${JSON.stringify(query.version.slice(0, 60))} cannot be read, so advisories were matched by equality only`);
    for (const one of stated) {
      for (const hit of hitsIn(one, query, version, problems, unread)) hits.set(`${hit.record.id} ${hit.affected.index}`, hit);
    }
  }
  return hits.size === 0 ? [] : grouped(inOrder([...hits.values()]).flatMap((hit) => claimsOf(hit.record, found.kind === 'os').map((claim) => ({ claim, item: hit }))));
}

/** Bounds first: of most the statements below them need not be looked at. */
function hitsIn({ bounded, broken, siblings }: PackageStatements, query: Query, version: Installed, problems: Set<string>, unread: Set<string>): readonly Hit[] {
  const isAbout = ({ affected: { binaries } }: Statement): boolean => binaries === null || query.binary === '' || binaries.includes(query.binary);
  for (const statement of broken.filter(isAbout)) {
    unread.add(statement.id);
    problems.add(`${statement.id} says of ${query.name} what breaks the schema (${statement.broken ?? ''}): look at ${statement.record.url}`);
  }
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
