import type { ReportSections } from '../analyzers/analyzer.js';
import { byCodeUnits } from '../text/order.js';
import type { CataloguedPackage } from './ownership.js';

/** Packages that say nothing of their licence stand here. */
const UNKNOWN = 'UNKNOWN';

/** `licenses`, ours: licence as its packages write it → list of `type:name@version`, as JSON, sorted. */
export function licenseSections(packages: readonly CataloguedPackage[]): ReportSections {
  const holders = new Map<string, Set<string>>();
  for (const { type, name, version, licenses } of packages) {
    for (const license of licenses.length === 0 ? [UNKNOWN] : licenses) {
      const known = holders.get(license) ?? new Set();
      holders.set(license, known.add(`${type}:${name}@${version}`));
    }
  }
  const rows = [...holders].map(([license, names]) => [license, JSON.stringify([...names].sort(byCodeUnits))] as const);
  return { licenses: { licenses: Object.fromEntries(rows) } };
}
