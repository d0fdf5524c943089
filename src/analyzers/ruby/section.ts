import type { Section } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import { seedSection } from '../seedSection.js';

/**
 * `pkgs.gems`: path of the gemspec → name, versions, licences, authors, home page, and the files as the gemspec lists them.
 * A gem that a Gemfile.lock states has `LOCKFILE:name@version` for a path.
 * Shape: Anchore Engine 0.8.1, analyzers/utils.py gem_parse_meta.
 */
export function gemSection(packages: readonly InstalledPackage[]): Section {
  return seedSection(packages, keyOf, ({ name, version, licenses, origin, files, metadata }) => ({
    name,
    lics: licenses,
    versions: [version],
    latest: version,
    origins: origin === '' ? [] : origin.split(', '),
    sourcepkg: metadata['homepage'] ?? '',
    files: files.map((file) => withoutFolder(file, metadata['gemFolder'] ?? '')),
  }));
}

function withoutFolder(file: string, folder: string): string {
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}

function keyOf({ location, name, version, metadata }: InstalledPackage): string {
  return metadata['stated'] === 'lock file' ? `${location}:${name}@${version}` : location;
}
