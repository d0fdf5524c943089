import { hash } from 'node:crypto';
import type { ScannedImage, ScannedPackage } from '../../report/scanned.js';
import { neededOf } from './needs.js';

/** A package with a name of its own within the bill of materials. */
export interface NamedPackage {
  readonly package: ScannedPackage;
  /** Unique, and the same in every bill of the image. */
  readonly ref: string;
  /** Of the file that is the package (a jar, a binary), not of a database or a manifest that lists it; lower-case hex, or empty. */
  readonly sha256: string;
  readonly sha1: string;
  /** Which of the image's packages it says it needs. */
  readonly needs: readonly NamedPackage[];
}

/** Packages sorted, each with its name; what is stated twice in one place comes once. Both bills of materials are written of one such list. */
export function namedPackages(image: ScannedImage): readonly NamedPackage[] {
  const seen = new Map<string, NamedPackage & { needs: readonly NamedPackage[] }>();
  for (const one of [...image.packages].sort(byIdentity)) {
    const ref = `${one.purl || `${one.type}/${one.name}@${one.version}`}#${digest(`${one.type} ${one.path} ${one.architecture}`).slice(0, 12)}`;
    if (!seen.has(ref)) seen.set(ref, { package: one, ref, ...digestsOf(one, image), needs: [] });
  }
  const all = [...seen.values()];
  const needsOf = neededOf(all);
  for (const named of all) named.needs = needsOf(named);
  return all;
}

function byIdentity(a: ScannedPackage, b: ScannedPackage): number {
  return text(a.type, b.type) || text(a.name, b.name) || text(a.version, b.version) || text(a.path, b.path) || text(a.architecture, b.architecture);
}

/** Types whose path is the package itself. */
const WHOLE_FILES = new Set(['java', 'go', 'rust', 'binary', 'jetbrains', 'linux-kernel', 'linux-kernel-module']);

function digestsOf({ type, path }: ScannedPackage, image: ScannedImage): { sha256: string; sha1: string } {
  if (!WHOLE_FILES.has(type)) return { sha256: '', sha1: '' };
  const { sha256, sha1 } = image.digests;
  return { sha256: hexOnly(sha256.get(path), 64), sha1: hexOnly(sha1.get(path), 40) };
}

function hexOnly(digest: string | undefined, length: number): string {
  return digest?.length === length && /^[0-9a-f]+$/.test(digest) ? digest : '';
}

/** A UUID that is the same for the same text (RFC 9562, version 8). */
export function uuidOf(seed: string): string {
  const hex = digest(seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function digest(value: string): string {
  return hash('sha256', value);
}

/** `pkg:oci/shop@sha256:…?repository_url=…`, or the empty string without a digest. */
export function imagePurl(image: ScannedImage): string {
  if (image.digest === '') return '';
  const repository = image.name.split('@')[0]?.replace(/:[^/:]*$/, '') ?? '';
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();
  return name === '' ? '' : `pkg:oci/${encodeURIComponent(name)}@${encodeURIComponent(image.digest)}?arch=${encodeURIComponent(image.architecture)}&repository_url=${encodeURIComponent(repository)}`;
}

function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
