/** What a Java archive's file name says: `spring-web-5.3.26.jar` → spring-web, 5.3.26. */
export interface FileNameParts {
  readonly name: string;
  /** The empty string where the name has none. */
  readonly version: string;
}

const VERSION = /^(?:\d|build\d|rc?\d+(?:[^A-Za-z]|$))/i;

/**
 * Splits at the first dash that a version follows (a digit, `build1`, `rc1`, `r4`); else at the first `_` or `.`.
 * Source of the rules: syft, java/archive_filename.go.
 */
export function parseFileName(path: string): FileNameParts {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const stem = base.replace(/\.[^.]*$/, '');
  return splitAt(stem, /-/g) ?? splitAt(stem, /[._]/g) ?? { name: stem, version: '' };
}

/** At most so many separators are tried: a file name has 255 bytes, an archive's entry may have 65,535. */
const MOST_SEPARATORS = 64;

function splitAt(stem: string, separators: RegExp): FileNameParts | undefined {
  let tried = 0;
  for (const { index } of stem.matchAll(separators)) {
    if (index > 0 && VERSION.test(stem.slice(index + 1, index + 20))) return { name: stem.slice(0, index), version: stem.slice(index + 1) };
    if ((tried += 1) > MOST_SEPARATORS) return undefined;
  }
  return undefined;
}

/**
 * The artifact's id in a file name that starts with the group's: `com.google.guava.failureaccess` → failureaccess.
 * Eclipse's artifacts are named with their group, and stay whole.
 */
export function artifactInFileName(name: string): string {
  if (!name.includes('.') || name.startsWith('org.eclipse.')) return name;
  const fields = name.split('.');
  return fields.every((field) => /^[\p{L}\p{Nl}\p{Sc}\p{Pc}]/u.test(field)) ? (fields.at(-1) ?? name) : name;
}
