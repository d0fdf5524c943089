import { onlySaid, type PackageDraft } from '../../packageFile/draft.js';
import { FormatError } from '../../packageFile/read.js';
import { npmPurl } from '../packageJson.js';

/** Packages that a lock file may pin: the largest that are known have 10,000. */
const MOST_LOCKED = 100_000;

/** Throws FormatError where there are more packages than any application has. */
export function refuseTooMany(packages: number): void {
  if (packages > MOST_LOCKED) throw new FormatError(`pins more than ${MOST_LOCKED} packages`);
}

/** One package that a lock file pins. */
export interface Locked {
  readonly name: string;
  readonly version: string;
  /** Where it comes from, or the empty string. */
  readonly resolved: string;
  readonly integrity: string;
  readonly licenses: readonly string[];
  readonly dependencies: readonly string[];
}

/** One draft for each name and version; a lock file says the same package at several places. */
export function lockedDrafts(locked: readonly Locked[]): PackageDraft[] {
  const drafts = new Map<string, PackageDraft>();
  for (const { name, version, resolved, integrity, licenses, dependencies } of locked) {
    if (name === '' || version === '') continue;
    const key = `${name}@${version}`;
    if (drafts.has(key)) continue;
    drafts.set(key, { name, version, purl: npmPurl(name, version), licenses, dependencies, metadata: onlySaid({ resolved, integrity, stated: 'lock file' }) });
  }
  return [...drafts.values()];
}

/** Versions that name no package of a registry: a folder, a link, a workspace. */
export function isLocal(version: string): boolean {
  return /^(?:file|link|workspace|portal|root):/.test(version) || version === '0.0.0-use.local';
}

/** `@scope/name@1.0.0` → name and what is behind the last `@` that does not start it. */
export function splitSpecifier(specifier: string): { readonly name: string; readonly version: string } {
  const at = specifier.indexOf('@', 1);
  return at < 0 ? { name: specifier, version: '' } : { name: specifier.slice(0, at), version: specifier.slice(at + 1) };
}
