import type { AnalysisReport, Base } from './document.js';
import { baseOf, jsonIn } from './readSection.js';
import type { ScannedFile, ScannedImage } from './scanned.js';

type FileParts = Pick<ScannedImage, 'files' | 'digests' | 'suids' | 'retrieved'>;

/** A value of `files.allinfo`, as far as rules read it. */
interface FileInfo {
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly type: string;
  readonly linkdst: string | null;
}

export function readFiles(sections: AnalysisReport): FileParts {
  const digests = (output: string): ReadonlyMap<string, string> => mapOf(baseOf(sections, 'file_checksums', output));
  return {
    files: new Map(Object.entries(baseOf(sections, 'file_list', 'files.allinfo')).flatMap(([path, value]) => fileOf(path, value))),
    digests: { md5: digests('files.md5sums'), sha1: digests('files.sha1sums'), sha256: digests('files.sha256sums') },
    suids: mapOf(baseOf(sections, 'file_suids', 'files.suids')),
    retrieved: new Map(Object.entries(baseOf(sections, 'retrieve_files', 'file_content.all')).map(([path, content]) => [path, Buffer.from(content, 'base64')])),
  };
}

function mapOf(base: Base): Map<string, string> {
  return new Map(Object.entries(base));
}

function fileOf(path: string, value: string): [string, ScannedFile][] {
  const info = jsonIn<Partial<FileInfo>>(value);
  if (typeof info !== 'object' || info === null) return [];
  const { size = 0, mode = 0, uid = 0, gid = 0, type = 'UNKNOWN', linkdst } = info;
  return [[path, { path, size, mode, uid, gid, type, linkTarget: linkdst ?? '' }]];
}
