import type { EntryType } from '../../image/layer.js';

/** The file-type bits of `st_mode` (stat(2)); a hard link is a regular file. */
const TYPE_BITS: Readonly<Record<EntryType, number>> = {
  file: 0o100000,
  hardlink: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  block: 0o060000,
  character: 0o020000,
  fifo: 0o010000,
};

/** PATH_MAX of Linux: no program opens a longer path, and expressions over paths stay cheap. */
export const LONGEST_PATH = 4_096;

/** Permission bits alone, as Python's `stat.S_IMODE` gives them. */
export const PERMISSIONS = 0o7777;
export const SET_USER_ID = 0o4000;
export const SET_GROUP_ID = 0o2000;
export const STICKY = 0o1000;
export const OTHERS_WRITE = 0o0002;

/** `st_mode`: permission bits with the bits of the type. */
export function fullMode(type: EntryType, mode: number): number {
  return TYPE_BITS[type] | (mode & PERMISSIONS);
}
