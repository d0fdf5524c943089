import type { InstalledPackage } from './package.js';
import type { Section } from './analyzer.js';

/**
 * A section of packages that Anchore Engine has no shape of its own for: `pkgs.go`, `pkgs.binary`, and ours (`pkgs.rust` …).
 * Key `location:name@version`; two packages that share one (a lock file may say a thing twice) are one row.
 * Source of the shape: Anchore Engine 1.1.0, `pkgs.go`.
 */
export function genericSection(packages: readonly InstalledPackage[]): Section {
  const rows = packages.map((found): [string, string] => [
    `${found.location}:${found.name}@${found.version}`,
    JSON.stringify({
      name: found.name,
      version: found.version,
      location: found.location,
      type: found.type,
      files: found.files,
      license: found.licenses.length === 0 ? 'N/A' : found.licenses.join(' '),
      origin: found.origin === '' ? 'N/A' : found.origin,
      metadata: { ...found.metadata, purl: found.purl },
    }),
  ]);
  rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const section: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [key, value] of rows) section[key] ??= value;
  return section;
}
