import type { VulnerabilityMatch } from '../vulnerability.js';
import { byPreference } from './cvss.js';
import { isCve } from './identity.js';
import { distinct, gravityOf, type Gravity } from './severity.js';
import type { Gathered } from './sources/source.js';

/** Those whose own records say nothing of their gravity get what records of the same vulnerability elsewhere say: by CVE, else by GitHub's name. */
export async function withGravities(matches: readonly VulnerabilityMatch[], gathered: Gathered): Promise<readonly VulnerabilityMatch[]> {
  const namesBySilent = new Map(matches.filter(({ severity }) => severity === 'unknown').map((match) => [match, namesToAsk(match)]));
  const gravities = await gravitiesOf(new Set([...namesBySilent.values()].flat()), gathered);
  return matches.map((match) => {
    const names = namesBySilent.get(match);
    return names === undefined ? match : { ...match, ...elsewhere(names, match, gravities) };
  });
}

function namesToAsk({ id, aliases }: VulnerabilityMatch): readonly string[] {
  const names = [id, ...aliases];
  const cves = names.filter(isCve);
  return cves.length > 0 ? cves : names.filter((name) => name.startsWith('GHSA-'));
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
