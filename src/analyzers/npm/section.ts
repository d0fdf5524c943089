import type { Section } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import { seedSection } from '../seedSection.js';

/**
 * `pkgs.npms`: path of the package.json → name, versions, licences, origins, source. A package that a lock file states
 * has `LOCKFILE:name@version` for a path.
 * Shape: Anchore Engine 0.8.1, analyzers/utils.py npm_parse_meta; `latest` and persons (`Name <mail> (url)`) as in 1.1.0, syft/handlers/npm.py.
 */
export function npmSection(packages: readonly InstalledPackage[]): Section {
  return seedSection(packages, keyOf, ({ name, version, licenses, origin, metadata }) => ({
    name,
    lics: licenses,
    versions: version === '' ? [] : [version],
    latest: version,
    origins: origin === '' ? [] : [origin],
    sourcepkg: metadata['sourceUrl'] ?? metadata['homepage'] ?? '',
  }));
}

function keyOf({ location, name, version, metadata }: InstalledPackage): string {
  return metadata['stated'] === 'lock file' ? `${location}:${name}@${version}` : location;
}
