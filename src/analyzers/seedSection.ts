import { byCodeUnits } from '../text/order.js';
import { pythonJson, type Plain } from '../text/python-json.js';
import type { Section } from './analyzer.js';
import type { InstalledPackage } from './package.js';

/**
 * A section in a shape of the seed's: a row for each package, sorted by key. Of packages that share a key (two versions of one
 * name in one folder, the packages of a lock file) the seed keeps one; here the others get `:name@version` behind it.
 */
export function seedSection(
  packages: readonly InstalledPackage[],
  key: (found: InstalledPackage) => string,
  value: (found: InstalledPackage) => Readonly<Record<string, Plain>>,
): Section {
  const rows = new Map<string, string>();
  for (const found of packages) {
    const wanted = key(found);
    const free = rows.has(wanted) ? `${wanted}:${found.name}@${found.version}` : wanted;
    if (!rows.has(free)) rows.set(free, pythonJson(value(found)));
  }
  return Object.fromEntries([...rows].sort(([a], [b]) => byCodeUnits(a, b)));
}
