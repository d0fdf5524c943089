import { PackageURL } from 'packageurl-js';

/** A package URL taken apart; undefined for what is none. */
export function readPurl(text: string): PackageURL | undefined {
  try {
    return PackageURL.fromString(text);
  } catch {
    return undefined;
  }
}

/** Whether a package is what a package URL names: without version any, and only the qualifiers that it has count. */
export function matchesPurl(selector: PackageURL, actual: PackageURL): boolean {
  if (selector.type !== actual.type || selector.name !== actual.name) return false;
  if ((selector.namespace ?? '') !== (actual.namespace ?? '')) return false;
  if (selector.version && selector.version !== actual.version) return false;
  if (selector.subpath && selector.subpath !== actual.subpath) return false;
  return Object.entries(selector.qualifiers ?? {}).every(([name, value]) => actual.qualifiers?.[name] === value);
}
