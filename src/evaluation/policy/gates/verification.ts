import type { ScannedFile, ScannedImage, VerificationRecord } from '../../../report/scanned.js';

/** A file that is not as its package's database says. */
export interface FailedVerification {
  readonly package: string;
  /** As the database has it. */
  readonly path: string;
  /** Where that path leads. */
  readonly realPath: string;
  readonly status: 'changed' | 'missing';
}

/** Compares every record of the package databases with the files. Source of the rules: Anchore Engine 1.1.0, gates/packages.py. */
export function failedVerifications(image: ScannedImage): readonly FailedVerification[] {
  const failed: FailedVerification[] = [];
  for (const [path, records] of image.verification) {
    const realPath = image.files.has(path) ? path : followDirectories(image, path);
    const file = image.files.get(realPath);
    for (const record of records) {
      const status = file === undefined ? 'missing' : isChanged(record, file, image) ? 'changed' : undefined;
      if (status !== undefined) failed.push({ package: record.package, path, realPath, status });
    }
  }
  return failed;
}

/** As the kernel's own limit: a cycle of symlinks ends there. */
const MAXIMUM_LINKS = 40;

function followDirectories(image: ScannedImage, path: string): string {
  let current = path;
  for (let links = 0; links < MAXIMUM_LINKS; links++) {
    const next = followFirst(image, current);
    if (next === undefined) return current;
    current = next;
  }
  return path;
}

/** The path with the first of its directories that is a symlink replaced; undefined where none is. */
function followFirst(image: ScannedImage, path: string): string | undefined {
  for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const directory = path.slice(0, slash);
    const file = image.files.get(directory);
    if (file?.type !== 'slink') continue;
    const base = file.linkTarget.startsWith('/') ? '' : directory.slice(0, directory.lastIndexOf('/'));
    return normalize(`${base}/${file.linkTarget}${path.slice(slash)}`);
  }
  return undefined;
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function isChanged(record: VerificationRecord, file: ScannedFile, image: ScannedImage): boolean {
  if (record.conffile) return false;
  return (file.type === 'file' && digestDiffers(record, file, image))
    || ((file.type === 'file' || file.type === 'dir') && modeDiffers(record, file))
    || (file.type === 'file' && sizeDiffers(record, file));
}

function digestDiffers({ digest, digestalgo }: VerificationRecord, { path }: ScannedFile, { digests }: ScannedImage): boolean {
  if (digest === null || digest === '' || (digestalgo !== 'md5' && digestalgo !== 'sha1' && digestalgo !== 'sha256')) return false;
  const actual = digests[digestalgo].get(path);
  return actual !== undefined && actual !== '' && actual !== digest;
}

/** Databases write modes with and without the type of the file: the shorter of the two says how much is compared. */
function modeDiffers(record: VerificationRecord, file: ScannedFile): boolean {
  const wanted = record.mode === null ? Number.NaN : parseInt(record.mode.replace(/^0o/, ''), 8);
  if (Number.isNaN(wanted) || wanted === 0 || file.mode === 0) return false;
  const [left, right] = [wanted.toString(8), file.mode.toString(8)];
  const length = Math.min(left.length, right.length);
  return left.slice(-length) !== right.slice(-length);
}

function sizeDiffers({ size }: VerificationRecord, file: ScannedFile): boolean {
  const wanted = size === null ? 0 : Number(size);
  return wanted > 0 && file.size > 0 && wanted !== file.size;
}
