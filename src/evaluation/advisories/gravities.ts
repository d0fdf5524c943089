import type { VulnerabilityMatch } from '../vulnerability.js';
import { byPreference } from './cvss.js';
import type { Hit } from './hit.js';
import { isCve, type Group } from './identity.js';
import { distinct, gravityOf, type Gravity } from './severity.js';
import type { Gathered } from './sources/source.js';

/** By which names records elsewhere are found of matches whose own records say nothing of their gravity. */
export type Silent = ReadonlyMap<VulnerabilityMatch, readonly string[]>;

/** Those whose own records say nothing of their gravity get what records of the same vulnerability elsewhere say. */
export async function withGravities(matches: readonly VulnerabilityMatch[], silent: Silent, gathered: Gathered): Promise<readonly VulnerabilityMatch[]> {
  if (silent.size === 0) return matches;
  const gravities = await gravitiesOf(new Set([...silent.values()].flat()), gathered);
  return matches.map((match) => {
    const names = silent.get(match);
    return names === undefined ? match : { ...match, ...elsewhere(names, match, gravities) };
  });
}

/** Its CVEs; else GitHub's names, and the one CVE that its records call related: of several nobody knows which is meant. */
export function namesElsewhere({ id, aliases, items }: Group<Hit>): readonly string[] {
  const names = [id, ...aliases];
  const cves = names.filter(isCve);
  if (cves.length > 0) return cves;
  const related = new Set(items.flatMap(({ record }) => record.related.filter(isCve)));
  return [...names.filter((name) => name.startsWith('GHSA-')), ...(related.size === 1 ? related : [])];
}

async function gravitiesOf(names: ReadonlySet<string>, gathered: Gathered): Promise<ReadonlyMap<string, Gravity>> {
  const gravities = new Map<string, Gravity>();
  if (names.size === 0) return gravities;
  const records = await gathered.named([...names].sort());
  for (const record of [...records].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const gravity = gravityOf(record, null);
    for (const name of [record.id, ...record.aliases]) {
      const before = gravities.get(name);
      if (names.has(name) && (before === undefined || before.severity === 'unknown')) gravities.set(name, gravity);
    }
  }
  return gravities;
}

function elsewhere(names: readonly string[], own: Gravity, gravities: ReadonlyMap<string, Gravity>): Gravity {
  const others = names.map((name) => gravities.get(name)).filter((gravity) => gravity !== undefined);
  return {
    severity: others.find(({ severity }) => severity !== 'unknown')?.severity ?? 'unknown',
    cvss: distinct([...own.cvss, ...others.flatMap(({ cvss }) => cvss)]).sort(byPreference),
  };
}
