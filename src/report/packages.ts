import type { ReportSections, Section } from '../analyzers/analyzer.js';
import type { InstalledPackage, PackageType } from '../analyzers/package.js';
import { genericSection } from '../analyzers/genericSection.js';
import { javaSection } from '../analyzers/java/section.js';
import { npmSection } from '../analyzers/npm/section.js';
import { osPackageSections } from '../analyzers/os/sections.js';
import { pythonSection } from '../analyzers/python/section.js';
import { gemSection } from '../analyzers/ruby/section.js';
import { isOsPackage } from './ownership.js';

/** The kinds that the seed knows, each in its own shape. */
const SEED_SECTIONS: Partial<Record<PackageType, (packages: readonly InstalledPackage[]) => Section>> = {
  npm: npmSection,
  gem: gemSection,
  python: pythonSection,
  java: javaSection,
};

/** The seed's names of outputs; other kinds are `pkgs.KIND`. */
const OUTPUTS: Partial<Record<PackageType, string>> = { npm: 'pkgs.npms', gem: 'pkgs.gems' };

/** `package_list` and `file_package_verify`, of packages of every kind. */
export function packageSections(packages: readonly InstalledPackage[]): ReportSections[] {
  return [osPackageSections(packages.filter(isOsPackage)), otherPackageSections(packages)];
}

/** `package_list`, of packages that are no operating system's. */
export function otherPackageSections(packages: readonly InstalledPackage[]): ReportSections {
  const others = new Map<PackageType, InstalledPackage[]>();
  for (const installed of packages) {
    if (isOsPackage(installed)) continue;
    const sameKind = others.get(installed.type);
    if (sameKind === undefined) others.set(installed.type, [installed]);
    else sameKind.push(installed);
  }
  const outputs = [...others].map(([type, sameKind]): [string, Section] => [
    OUTPUTS[type] ?? `pkgs.${type}`,
    (SEED_SECTIONS[type] ?? genericSection)(sameKind),
  ]);
  return { package_list: Object.fromEntries(outputs) };
}
