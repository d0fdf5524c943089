import { PackageURL } from 'packageurl-js';
import type { InstalledPackage, PackageType } from '../package.js';

/**
 * What a file says of a package, before it is known where in the image the file is: plain data, so that it can be a fact.
 * What is left out was not said.
 */
export interface PackageDraft {
  readonly name: string;
  readonly version: string;
  /** The whole package URL; made by `purlOf`. */
  readonly purl: string;
  readonly licenses?: readonly string[];
  readonly origin?: string;
  readonly architecture?: string;
  readonly size?: number;
  /** Absolute paths, or (without a leading slash) relative to the folder of the stating file. */
  readonly files?: readonly string[];
  readonly dependencies?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Without the values that are empty: what a file does not say is left out. */
export function onlySaid(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

/** The parts of a package URL, as https://github.com/package-url/purl-spec names them. */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers?: Readonly<Record<string, string>>;
  readonly subpath?: string;
}

/**
 * Writes a package URL in its canonical form. Gives the empty string for a name that the specification does not allow
 * (empty, or a lone surrogate that cannot be percent-encoded): an image may say anything.
 */
export function purlOf(parts: PurlParts): string {
  const qualifiers = onlySaid(parts.qualifiers ?? {});
  try {
    return new PackageURL(
      parts.type,
      parts.namespace === undefined || parts.namespace === '' ? null : parts.namespace,
      parts.name,
      parts.version === undefined || parts.version === '' ? null : parts.version,
      qualifiers,
      parts.subpath ?? null,
    ).toString();
  } catch {
    return '';
  }
}

/** Longest name or version that is believed: beyond it a file is garbage or hostile. The longest name on npm has 214. */
const LONGEST_WORD = 512;

/** Whether a name and a version are what a package may be called by: no control characters, not endless. */
export function isPlausible(draft: PackageDraft): boolean {
  return draft.name !== '' && draft.name.length <= LONGEST_WORD && draft.version.length <= LONGEST_WORD
    && !/[\u0000-\u001f\u007f]/.test(draft.name + draft.version);
}

/** Places a draft in the image: `location` is the absolute path of the file that states it. */
export function installedPackage(type: PackageType, draft: PackageDraft, location: string, layer: number): InstalledPackage {
  const folder = location.slice(0, location.lastIndexOf('/'));
  return {
    type,
    name: draft.name,
    version: draft.version,
    purl: draft.purl,
    location,
    layer,
    licenses: draft.licenses ?? [],
    origin: draft.origin ?? '',
    architecture: draft.architecture ?? '',
    source: { name: '', version: '' },
    size: draft.size ?? null,
    files: (draft.files ?? []).map((path) => (path.startsWith('/') ? path : `${folder}/${path}`)),
    dependencies: draft.dependencies ?? [],
    metadata: draft.metadata ?? {},
    verification: [],
  };
}
