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
  if (cves.length <= 1) return [{ names: [...own, ...(record.upstream.length > 0 ? record.upstream : cves)], alsoKnownAs: [] }];
  return cves.map((cve) => ({ names: [cve], alsoKnownAs: own }));
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
  if (claims.length === 0) return [];
  const leaders = new Map<string, string>();
  const leaderOf = (name: string): string => {
    let leader = name;
    for (let next = leaders.get(leader); next !== undefined && next !== leader; next = leaders.get(leader)) leader = next;
    return leader;
  };
  for (const { claim } of claims) {
    const [first = ''] = claim.names;
    for (const name of claim.names) leaders.set(leaderOf(name), leaderOf(first));
  }
  const groups = new Map<string, { names: Set<string>; items: Item[] }>();
  for (const { claim, item } of claims) {
    const leader = leaderOf(claim.names[0] ?? '');
    const group = groups.get(leader) ?? { names: new Set<string>(), items: [] };
    for (const name of [...claim.names, ...claim.alsoKnownAs]) group.names.add(name);
    group.items.push(item);
    groups.set(leader, group);
  }
  return [...groups.values()].map(({ names, items }) => {
    const sorted = [...names].sort(compareNames);
    const [id = ''] = sorted;
    return { id, aliases: sorted.slice(1).sort(), items };
  }).sort((a, b) => compareNames(a.id, b.id));
}

/** The name people know first: the CVE, the oldest if there are several; then GitHub's; then by the alphabet. */
function compareNames(a: string, b: string): number {
  return rank(a) - rank(b) || cveNumber(a) - cveNumber(b) || (a < b ? -1 : 1);
}

function rank(name: string): number {
  if (isCve(name)) return 0;
  return name.startsWith('GHSA-') ? 1 : 2;
}

/** The year and the number as one number; 0 for other names. */
function cveNumber(name: string): number {
  if (!name.startsWith('CVE-')) return 0;
  const [, year = '0', number = '0'] = /^CVE-(\d{4})-(\d{1,9})/.exec(name) ?? [];
  return Number(year) * 1e9 + Number(number);
}
