import type { Tell } from '../../analyzer.js';
import type { PackageFile } from '../../package.js';
import { PathJoiner } from '../paths.js';
import { bdbHeaders, isBdb } from './bdb.js';
import { ContainerError, type Broken } from './container.js';
import { HeaderError, readHeader, TAG, type Header } from './header.js';
import { isNdb, ndbHeaders } from './ndb.js';
import { isSqlite, sqliteHeaders } from './sqlite.js';

/** What rpm says of a package. Empty strings and lists: not said. */
export interface RpmRecord {
  readonly name: string;
  /** `EPOCH:VERSION-RELEASE`, without the epoch where the package has none. */
  readonly version: string;
  readonly epoch: number | null;
  readonly architecture: string;
  /** File name: `bash-4.4-19.6.1.src.rpm`. */
  readonly sourceRpm: string;
  readonly license: string;
  readonly vendor: string;
  readonly size: number | null;
  readonly url: string;
  /** `nodejs:16:8070020221220165412:bd1311ed` for a package of a module. */
  readonly modularity: string;
  readonly needs: readonly string[];
  readonly provides: readonly string[];
  readonly digestAlgorithm: PackageFile['digestAlgorithm'];
  readonly files: readonly RpmFile[];
}

/** A file as rpm has it; a list, because there are hundreds of thousands. */
export type RpmFile = readonly [path: string, mode: number, digest: string, user: string, group: string, size: number, flags: number];

/** Numbers of RFC 4880, 9.4; a package that does not say has md5 (rpm's RPMTAG_FILEDIGESTALGO). */
const ALGORITHMS: Readonly<Record<number, PackageFile['digestAlgorithm']>> = { 1: 'md5', 2: 'sha1', 8: 'sha256', 9: 'sha384', 10: 'sha512', 11: 'sha224' };
const MD5 = 1;

/** So many different things wrong with one database are told; the rest is counted. */
const MOST_TOLD = 3;

/** Packages of a database of whichever kind, told apart by content. What could not be read is told. */
export function readRpmDatabase(bytes: Buffer, tell: Tell): RpmRecord[] {
  const wrong: string[] = [];
  const broken: Broken = (message) => void wrong.push(message);
  const records: RpmRecord[] = [];
  try {
    for (const blob of headersOf(bytes, broken)) {
      const record = readRpmBlob(blob, broken);
      if (record !== undefined) records.push(record);
    }
  } catch (error) {
    if (!(error instanceof ContainerError)) throw error;
    broken(error.message);
  }
  for (const message of wrong.slice(0, MOST_TOLD)) tell(`This database of rpm ${message}.`);
  if (wrong.length > MOST_TOLD) tell(`This database of rpm has ${wrong.length - MOST_TOLD} more parts that cannot be read.`);
  return records;
}

function headersOf(bytes: Buffer, broken: Broken): Iterable<Buffer> {
  if (isSqlite(bytes)) return sqliteHeaders(bytes, broken);
  if (isNdb(bytes)) return ndbHeaders(bytes, broken);
  if (isBdb(bytes)) return bdbHeaders(bytes, broken);
  throw new ContainerError('is neither Berkeley DB nor ndb nor SQLite');
}

/** The package of a header as a container holds it; undefined, and told, where it is none. */
export function readRpmBlob(blob: Buffer, broken: Broken): RpmRecord | undefined {
  try {
    const record = recordOf(readHeader(blob), new PathJoiner(blob.length), broken);
    if (record.name === '') broken('has a package without a name');
    return record.name === '' ? undefined : record;
  } catch (error) {
    if (!(error instanceof HeaderError)) throw error;
    broken(`has a package that cannot be read: ${error.message}`);
    return undefined;
  }
}

/** A package of its header. */
function recordOf(header: Header, paths: PathJoiner, broken: Broken): RpmRecord {
  const epoch = header.number(TAG.epoch);
  const name = header.string(TAG.name);
  return {
    name,
    version: evr(epoch, header.string(TAG.version), header.string(TAG.release)),
    epoch,
    architecture: header.string(TAG.arch),
    sourceRpm: header.string(TAG.sourceRpm),
    license: header.string(TAG.license),
    vendor: header.string(TAG.vendor),
    size: header.number(TAG.longSize) ?? header.number(TAG.size),
    url: header.string(TAG.url),
    modularity: header.string(TAG.modularityLabel),
    needs: [...new Set(header.strings(TAG.requireNames).filter((need) => !need.startsWith('rpmlib(')))],
    provides: [...new Set(header.strings(TAG.provideNames))],
    digestAlgorithm: ALGORITHMS[header.number(TAG.fileDigestAlgo) ?? MD5] ?? null,
    files: filesOf(header, paths, (message) => broken(`has a package ${name.slice(0, 100)} that ${message}`)),
  };
}

/** rpm's way to write a version; the empty string where the package has none. */
export function evr(epoch: number | null, version: string, release: string): string {
  if (version === '') return '';
  return `${epoch === null ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}`;
}

function filesOf(header: Header, paths: PathJoiner, broken: Broken): RpmFile[] {
  const names = pathsOf(header, paths);
  const modes = header.numbers(TAG.fileModes);
  const digests = header.strings(TAG.fileDigests);
  const users = header.strings(TAG.fileUserNames);
  const groups = header.strings(TAG.fileGroupNames);
  const longSizes = header.numbers(TAG.longFileSizes);
  const sizes = longSizes.length > 0 ? longSizes : header.numbers(TAG.fileSizes);
  const flags = header.numbers(TAG.fileFlags);
  const files = names.flatMap((path, index): RpmFile[] => (path === undefined ? [] : [
    [path, modes[index] ?? 0, digests[index] ?? '', users[index] ?? '', groups[index] ?? '', sizes[index] ?? 0, flags[index] ?? 0],
  ]));
  if (files.length < names.length) broken(`names ${names.length - files.length} files that no system can have`);
  return files;
}

/** Base names with the index of their folder, or (before rpm 4) whole paths. */
function pathsOf(header: Header, paths: PathJoiner): (string | undefined)[] {
  const baseNames = header.strings(TAG.baseNames);
  if (baseNames.length === 0) return header.strings(TAG.oldFileNames).map((path) => paths.join('', path.replace(/^\/+/, '')));
  const folders = header.strings(TAG.dirNames);
  const indexes = header.numbers(TAG.dirIndexes);
  return baseNames.map((name, index) => {
    const folder = folders[indexes[index] ?? -1];
    return folder === undefined ? undefined : paths.join(folder, name);
  });
}
