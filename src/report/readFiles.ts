import type { AnalysisReport, Base } from './document.js';
import { baseOf, jsonIn, rowOf } from './readSection.js';
import type { Digests, ScannedFile, ScannedImage } from './scanned.js';

/** A value of `files.allinfo`, as far as rules read it. */
interface FileInfo {
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly type: string;
  readonly linkdst: string | null;
}

/** `file_list`: what each path is. Rows that cannot be read are left out. */
export function readFiles(sections: AnalysisReport): ScannedImage['files'] {
  const files = new Map<string, ScannedFile>();
  for (const [path, value] of Object.entries(baseOf(sections, 'file_list', 'files.allinfo'))) {
    const file = fileOf(path, value);
    if (file !== undefined) files.set(path, file);
  }
  return files;
}

/** Rows are read as they are asked for: rules ask for all of an algorithm's or for none, a bill of materials for a few. */
export function readDigests(sections: AnalysisReport): ScannedImage['digests'] {
  const digests = (output: string): Digests => ({ get: (path) => rowOf(sections, 'file_checksums', output, path) });
  return { md5: digests('files.md5sums'), sha1: digests('files.sha1sums'), sha256: digests('files.sha256sums') };
}

/** `file_suids`: the mode of each such file, in Python's octal. */
export function readSuids(sections: AnalysisReport): ScannedImage['suids'] {
  return mapOf(baseOf(sections, 'file_suids', 'files.suids'));
}

/** `retrieve_files`: contents by path, out of base64. */
export function readRetrieved(sections: AnalysisReport): ScannedImage['retrieved'] {
  return new Map(Object.entries(baseOf(sections, 'retrieve_files', 'file_content.all')).map(([path, content]) => [path, Buffer.from(content, 'base64')]));
}

function mapOf(base: Base): Map<string, string> {
  return new Map(Object.entries(base));
}

function fileOf(path: string, value: string): ScannedFile | undefined {
  const info = jsonIn<Partial<FileInfo>>(value);
  if (typeof info !== 'object' || info === null) return undefined;
  const { size = 0, mode = 0, uid = 0, gid = 0, type = 'UNKNOWN', linkdst } = info;
  return { path, size, mode, uid, gid, type, linkTarget: linkdst ?? '' };
}
