import type { AdvisoryRecord } from './record.js';

/** A record's claim to be about one vulnerability. Records of distributions that bundle several make several claims. */
export interface Claim {
  /** Names of this one vulnerability: two claims that share one are about the same. */
  readonly names: readonly string[];
  /** Names that people also know it by, but that may cover more than it (`DSA-5601-1`). */
  readonly alsoKnownAs: readonly string[];
}

export function isCve(name: string): boolean {
  return name.startsWith('CVE-') && /^CVE-\d{4}-\d{4,}$/.test(name);
}

/**
 * `aliases` name the same vulnerability, by the schema; `upstream` names what a record passes on, and that may be many.
 * So a record with a CVE of its own is one claim; one that passes on several CVEs is a claim for each.
 * @param bundles whether `related` is to be read as `upstream` where that is empty: distributions' records from before the schema had it
 */
export function claimsOf(record: AdvisoryRecord, bundles: boolean): readonly Claim[] {
  const own = [record.id, ...record.aliases];
  if (own.some(isCve)) return [{ names: own, alsoKnownAs: [] }];
  const passedOn = record.upstream.length > 0 ? record.upstream : bundles ? record.related : [];
  const cves = [...new Set(passedOn.filter(isCve))];
  if (cves.length <= 1) return [{ names: [...own, ...(record.upstream.length > 0 ? record.upstream : cves), ...(cves.length === 0 ? copied(record.id) : [])], alsoKnownAs: [] }];
  return cves.map((cve) => ({ names: [cve], alsoKnownAs: own }));
}

/** The CVE that a distribution's copy of its record has in its own name: `DEBIAN-CVE-2026-1000`, `UBUNTU-CVE-…`, `ALPINE-CVE-…`. */
function copied(id: string): readonly string[] {
  const cve = /^[A-Z]+-(CVE-.*)$/s.exec(id)?.[1] ?? '';
  return isCve(cve) ? [cve] : [];
}

/** Claims about one vulnerability, with whatever was claimed. */
export interface Group<Item> {
  readonly id: string;
  /** Sorted, without the id. */
  readonly aliases: readonly string[];
  readonly items: readonly Item[];
}

/** Puts together what shares a name, directly or through others; sorted by id, CVEs first. */
export function grouped<Item>(claims: readonly { readonly claim: Claim; readonly item: Item }[]): readonly Group<Item>[] {
  if (areApart(claims)) return inOrder(claims.map(({ claim, item }) => named(namesOf([claim]), [item])));
  const leaders = new Map<string, string>();
  const leaderOf = (name: string): string => {
    let at = name;
    for (;;) {
      const next = leaders.get(at) ?? at;
      if (next === at) return at;
      const after = leaders.get(next) ?? next;
      // half the way for whoever goes it next: chains may have thousands of links
      leaders.set(at, after);
      at = after;
    }
  };
  for (const { claim } of claims) {
    const [first = ''] = claim.names;
    for (const name of claim.names) leaders.set(leaderOf(name), leaderOf(first));
  }
  const groups = new Map<string, { claims: Claim[]; items: Item[] }>();
  for (const { claim, item } of claims) {
    const leader = leaderOf(claim.names[0] ?? '');
    const group = groups.get(leader) ?? { claims: [], items: [] };
    group.claims.push(claim);
    group.items.push(item);
    groups.set(leader, group);
  }
  return inOrder([...groups.values()].map((group) => named(namesOf(group.claims), group.items)));
}

/** Whether no two claims share a name: mostly so. */
function areApart(claims: readonly { readonly claim: Claim }[]): boolean {
  if (claims.length < 2) return true;
  const seen = new Set<string>();
  for (const { claim } of claims) {
    const before = seen.size;
    for (const name of claim.names) seen.add(name);
    if (seen.size < before + claim.names.length) return false;
  }
  return true;
}

function namesOf(claims: readonly Claim[]): readonly string[] {
  const [only] = claims;
  if (only !== undefined && claims.length === 1 && only.names.length === 1 && only.alsoKnownAs.length === 0) return only.names;
  return [...new Set(claims.flatMap(({ names, alsoKnownAs }) => [...names, ...alsoKnownAs]))];
}

function named<Item>(names: readonly string[], items: readonly Item[]): Group<Item> {
  const id = bestOf(names);
  return { id, aliases: names.filter((name) => name !== id).sort(), items };
}

function inOrder<Item>(groups: readonly Group<Item>[]): readonly Group<Item>[] {
  if (groups.length < 2) return groups;
  return groups.map((group) => ({ group, id: group.id, rank: rank(group.id), number: cveNumber(group.id) }))
    .sort((a, b) => a.rank - b.rank || a.number - b.number || (a.id < b.id ? -1 : 1))
    .map(({ group }) => group);
}

/** The name people know first: the CVE, the oldest if there are several; then GitHub's; then by the alphabet. */
function bestOf(names: readonly string[]): string {
  let [best = ''] = names;
  let bestRank = rank(best);
  for (const name of names) {
    const own = rank(name);
    if (own > bestRank || (own === bestRank && (cveNumber(name) - cveNumber(best) || (name < best ? -1 : 1)) > 0)) continue;
    best = name;
    bestRank = own;
  }
  return best;
}

function rank(name: string): number {
  if (isCve(name)) return 0;
  return name.startsWith('GHSA-') ? 1 : 2;
}

/** The year and the number as one number; 0 for other names. */
function cveNumber(name: string): number {
  return isCve(name) ? Number(name.slice(4, 8)) * 1e9 + Number(name.slice(9, 18)) : 0;
}
