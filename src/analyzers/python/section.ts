import type { Section } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import { seedSection } from '../seedSection.js';

const NOT_SAID = 'N/A';

/**
 * `pkgs.python`: folder of the packages and name → what is installed there. A package that a lock file states
 * has `LOCKFILE:name@version` for a key.
 * Shape: Anchore Engine 0.8.1, modules/32_python_packages.py; without the whole text of the metadata, which 1.1.0 dropped too.
 */
export function pythonSection(packages: readonly InstalledPackage[]): Section {
  return seedSection(packages, keyOf, (found) => ({
    name: found.name,
    version: found.version,
    type: 'python',
    location: found.metadata['sitePackages'] ?? found.location,
    files: found.files,
    license: found.licenses.length === 0 ? NOT_SAID : found.licenses.join(', '),
    origin: found.origin === '' ? NOT_SAID : found.origin,
    latest: found.version,
  }));
}

function keyOf({ location, name, version, metadata }: InstalledPackage): string {
  const { sitePackages } = metadata;
  return sitePackages === undefined ? `${location}:${name}@${version}` : `${sitePackages}/${name}`;
}
