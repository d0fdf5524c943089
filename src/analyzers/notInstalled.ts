import type { InstalledPackage } from './package.js';
import type { PackageDraft } from './packageFile/draft.js';

/**
 * Whether nothing was installed from a lock file: not one of the packages it pins is in the image at its pinned version.
 * Where one is, the installed packages say better than the lock file what is there.
 */
export function nothingInstalledFrom(drafts: readonly PackageDraft[], installed: ReadonlySet<string>): boolean {
  return !drafts.some(({ purl }) => installed.has(purl));
}

/** The package URLs of what is installed. */
export function purlsOf(packages: readonly InstalledPackage[]): ReadonlySet<string> {
  return new Set(packages.map(({ purl }) => purl));
}
