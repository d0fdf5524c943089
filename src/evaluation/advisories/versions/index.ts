import { apk } from './apk.js';
import { composer } from './composer.js';
import { conda } from './conda.js';
import { dpkg } from './dpkg.js';
import { go } from './go.js';
import { maven } from './maven.js';
import { nuget } from './nuget.js';
import { cran, hackage } from './numbers.js';
import { pacman } from './pacman.js';
import { pep440 } from './pep440.js';
import { pub } from './pub.js';
import { rpm } from './rpm.js';
import { rubygems } from './rubygems.js';
import { closed, type AnyScheme } from './scheme.js';
import { semver } from './semver.js';

export type { AnyScheme, Place } from './scheme.js';

const SEMVER = closed(semver);
const DPKG = closed(dpkg);
const RPM = closed(rpm);
const APK = closed(apk);

/** By the name of an OSV ecosystem without its release: https://ossf.github.io/osv-schema/#defined-ecosystems, and a few that OSV does not have. */
const SCHEMES: ReadonlyMap<string, AnyScheme> = new Map([
  ['AlmaLinux', RPM], ['Azure Linux', RPM], ['Mageia', RPM], ['Photon OS', RPM], ['Red Hat', RPM], ['Rocky Linux', RPM], ['SUSE', RPM],
  ['openEuler', RPM], ['openSUSE', RPM], ['TuxCare', RPM],
  ['Alpaquita', APK], ['Alpine', APK], ['BellSoft Hardened Containers', APK], ['Chainguard', APK], ['CleanStart', APK], ['MinimOS', APK], ['Wolfi', APK],
  ['Debian', DPKG], ['Echo', DPKG], ['Ubuntu', DPKG],
  ['CRAN', closed(cran)],
  ['Hackage', closed(hackage)], ['GHC', closed(hackage)],
  ['Go', closed(go)],
  ['Maven', closed(maven)],
  ['NuGet', closed(nuget)],
  ['Packagist', closed(composer)],
  ['Pub', closed(pub)],
  ['PyPI', closed(pep440)],
  ['RubyGems', closed(rubygems)],
  ['Arch Linux', closed(pacman)],
  ['conda', closed(conda)],
  ['Bioconductor', SEMVER], ['Bitnami', SEMVER], ['ConanCenter', SEMVER], ['Docker Hardened Images', SEMVER], ['Hex', SEMVER], ['Julia', SEMVER],
  ['SwiftURL', SEMVER], ['VSCode', SEMVER], ['crates.io', SEMVER], ['npm', SEMVER],
]);

/** Orders that nobody publishes advisories for in OSV format. */
const NOT_OF_OSV = new Set(['Arch Linux', 'conda']);

/** Ecosystems of OSV whose versions can be ordered here, sorted. */
export const OSV_ECOSYSTEMS: readonly string[] = [...SCHEMES.keys()].filter((name) => !NOT_OF_OSV.has(name)).sort();

/** The order that a range of type `SEMVER` asks for, whatever the ecosystem. */
export const semverOrder: AnyScheme = SEMVER;

/** @param ecosystem an OSV ecosystem, with or without release: `Debian:12`, `npm`
 *  @returns undefined where we know no order for it */
export function schemeOf(ecosystem: string): AnyScheme | undefined {
  return SCHEMES.get(ecosystem) ?? SCHEMES.get(baseOf(ecosystem));
}

/** `Ubuntu:22.04:LTS` → `Ubuntu`. */
export function baseOf(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}

/** @returns negative, zero or positive, as a is older than, the same as or newer than b */
export function compare(scheme: AnyScheme, a: string, b: string): number {
  return scheme.compare(a, b);
}
