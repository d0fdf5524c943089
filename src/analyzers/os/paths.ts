import { isUtf8 } from 'node:buffer';
import { pathFromBinary } from '../../text/path.js';

/** Text of a database that names paths: bytes that are no UTF-8 are kept, as in the paths of the image itself. */
export function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : pathFromBinary(bytes.toString('latin1'));
}

/** PATH_MAX of Linux: no file has a longer name. */
const LONGEST_PATH = 4096;
/** Databases of real packages name each folder for at most some ten files before the next; the joined paths are shorter than the database. */
const GROWTH = 8;
const SMALL_DATABASE = 64 * 1024;

/**
 * Joins folders and names of a database, up to a total: formats that name a folder once for all its files
 * would let a small database become endless.
 */
export class PathJoiner {
  #left: number;

  /** `bytes`: the size of the database. */
  constructor(bytes: number) {
    this.#left = GROWTH * bytes + SMALL_DATABASE;
  }

  /** The absolute path, or undefined for one that no file can have, or when the total is used up. */
  join(folder: string, name: string): string | undefined {
    const length = folder.length + name.length + 1;
    if (length > LONGEST_PATH || length > this.#left) return undefined;
    this.#left -= length;
    return `${folder.startsWith('/') ? '' : '/'}${folder}${folder.endsWith('/') || folder === '' ? '' : '/'}${name}`;
  }
}
