import { compare, schemeOf } from '../evaluation/advisories/versions/index.js';
import type { Severity, VulnerablePackage } from '../evaluation/evaluation.js';
import type { Subject } from './subjects.js';

/** A package, what is wrong with it, and the one version that mends the most of it. */
export interface Upgrade {
  readonly package: VulnerablePackage;
  /** Empty where no version is known to mend anything. */
  readonly to: string;
  readonly mends: number;
  readonly total: number;
  readonly severities: ReadonlyMap<Severity, number>;
  readonly fromBase: boolean | undefined;
  /** Of the gravest finding. */
  readonly first: Subject;
}

/** Packages in the order of their gravest finding; what mends more comes first among equals. */
export function upgrades(subjects: readonly Subject[]): readonly Upgrade[] {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const { vulnerability, location, suppressed } = subject.finding;
    if (vulnerability === undefined || suppressed !== undefined) continue;
    const { type, name, version, purl, path } = vulnerability.package;
    const key = JSON.stringify([type, name, version, purl, path ?? location?.path]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [subject]);
    else group.push(subject);
  }
  return [...groups.values()].flatMap(toUpgrade);
}

function toUpgrade(group: readonly Subject[]): Upgrade[] {
  const [first] = group;
  const target = first?.finding.vulnerability?.package;
  if (first === undefined || target === undefined) return [];
  const severities = new Map<Severity, number>();
  const fixes: string[] = [];
  for (const { finding: { vulnerability } } of group) {
    if (vulnerability === undefined) continue;
    severities.set(vulnerability.severity, (severities.get(vulnerability.severity) ?? 0) + 1);
    const [fix] = vulnerability.fixedIn;
    if (fix !== undefined) fixes.push(fix);
  }
  const to = newest(target.type, fixes);
  return [{ package: target, to, mends: fixes.length, total: group.length, severities, fromBase: first.finding.location?.fromBase, first }];
}

/** OSV's name of the ecosystem whose order a type of package follows. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  dpkg: 'Debian', rpm: 'Red Hat', apk: 'Alpine', pacman: 'Arch Linux', npm: 'npm', python: 'PyPI', conda: 'conda', gem: 'RubyGems', java: 'Maven', go: 'Go', rust: 'crates.io',
  php: 'Packagist', dotnet: 'NuGet', r: 'CRAN', hex: 'Hex', dart: 'Pub', haskell: 'Hackage', bitnami: 'Bitnami', swift: 'SwiftURL', conan: 'ConanCenter',
};

/** The newest of some versions: what mends the last of them mends all before it. */
function newest(type: string, versions: readonly string[]): string {
  const scheme = schemeOf(ECOSYSTEMS[type] ?? 'npm');
  return versions.reduce((best, version) => (best === '' || (scheme !== undefined && compare(scheme, version, best) > 0) ? version : best), '');
}
