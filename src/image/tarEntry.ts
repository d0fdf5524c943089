import { ImageError } from '../errors.js';
import { cleanPath, pathFromBinary, printablePath } from '../text/path.js';
import type { EntryType, LayerEntry } from './layer.js';
import type { PaxRecords } from './pax.js';
import type { TarHeader } from './tarHeader.js';

/** Linux has no longer paths (PATH_MAX), so no engine could unpack one; and a million of 4 MiB would fill the memory. */
const MAX_PATH_BYTES = 4096;

/** By tar-stream's words. */
const TYPES: Readonly<Record<string, EntryType>> = {
  file: 'file', 'contiguous-file': 'file', link: 'hardlink', symlink: 'symlink', directory: 'directory',
  'block-device': 'block', 'character-device': 'character', fifo: 'fifo',
};

/** A PAX record of an extended attribute is named so, and then as the attribute. */
const XATTR = 'SCHILY.xattr.';

/** The entry that a header and its extended records tell. @throws ImageError for one that no engine unpacks */
export function entryOf(header: TarHeader, pax: PaxRecords | undefined): LayerEntry {
  const path = checkedPath(header.name);
  const named = TYPES[header.type ?? ''];
  if (!named) throw new ImageError(`the entry ${printablePath(path)} is of a type that no engine unpacks (sparse, multi-volume …). Build the image again with plain files.`);
  if (isSparse(pax)) throw new ImageError(`the entry ${printablePath(path)} is a sparse file in GNU's format, which no builder writes and this scan does not read. Build the image again with plain files.`);
  // V7 tars have no type for directories
  const type = named === 'file' && header.name.endsWith('/') && !header.size ? 'directory' : named;
  const xattrs = xattrsOf(pax);
  return {
    path,
    type,
    mode: header.mode & 0o7777,
    uid: numericId(pax?.get('uid'), header.uid),
    gid: numericId(pax?.get('gid'), header.gid),
    size: type === 'file' ? header.size : 0,
    mtime: seconds(pax?.get('mtime'), header.mtime),
    ...(type === 'symlink' ? { linkname: pathFromBinary(header.linkname ?? '') } : {}),
    ...(type === 'hardlink' ? { linkname: checkedPath(header.linkname ?? '') } : {}),
    ...(xattrs ? { xattrs } : {}),
  };
}

function checkedPath(binary: string): string {
  if (binary.length > MAX_PATH_BYTES) throw new ImageError(`an entry's path has ${binary.length} bytes and begins ${printablePath(pathFromBinary(binary.slice(0, 60)))}; Linux allows ${MAX_PATH_BYTES}, so no engine can unpack it. Build the image without it.`);
  if (binary.includes('\0')) throw new ImageError(`the entry ${printablePath(pathFromBinary(binary.slice(0, 200)))} has a NUL byte in its path, so no engine can unpack it. Build the image without it.`);
  return cleanPath(pathFromBinary(binary));
}

function isSparse(pax: PaxRecords | undefined): boolean {
  if (!pax) return false;
  return pax.has('GNU.sparse.major') || pax.has('GNU.sparse.map') || pax.has('GNU.sparse.size') || pax.has('GNU.sparse.realsize');
}

function numericId(extended: string | undefined, header: number): number {
  const id = extended !== undefined && /^[0-9]+$/.test(extended) ? Number(extended) : header;
  return Number.isSafeInteger(id) && id >= 0 ? id : 0;
}

function seconds(extended: string | undefined, header: Date): number {
  const time = extended ? Number(extended) : header.getTime() / 1000;
  return Number.isFinite(time) ? Math.floor(time) : 0;
}

function xattrsOf(pax: PaxRecords | undefined): Record<string, string> | undefined {
  if (!pax || pax.size === 0) return undefined;
  const found = [...pax].filter(([key]) => key.startsWith(XATTR));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([key, value]) => [pathFromBinary(key.slice(XATTR.length)), Buffer.from(value, 'latin1').toString('base64')]));
}
