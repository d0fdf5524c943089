import { lines } from '../deb822.js';

/** Rows of `info/NAME.md5sums`: `DIGEST  PATH`, the path without its leading slash. */
export function readMd5sums(text: string): [path: string, digest: string][] {
  const rows: [string, string][] = [];
  for (const line of lines(text)) {
    const [, digest, path] = /^\\?([0-9a-f]{32})[ \t]+\*?(\S.*)$/.exec(line) ?? [];
    if (digest !== undefined && path !== undefined) rows.push([`/${path.replace(/^(?:\.?\/)+/, '')}`, digest]);
  }
  return rows;
}

/** Paths of `info/NAME.list`, files and folders that the package owns, the root left out; and of `info/NAME.conffiles`, those to be removed left out. */
export function readPathList(text: string): string[] {
  return [...lines(text)].filter((path) => path.startsWith('/') && path !== '/.' && path !== '/');
}

/** A file that one package took from another's name: the others' file is now at `to`. */
export interface Diversion {
  readonly from: string;
  readonly to: string;
  /** The package whose own file keeps the name; `:` where the administrator diverted it. */
  readonly by: string;
}

/** `/var/lib/dpkg/diversions`: three lines for each. Source: dpkg-divert(1). */
export function readDiversions(text: string): Diversion[] {
  const all = [...lines(text)];
  const diversions: Diversion[] = [];
  for (let at = 0; at + 2 < all.length; at += 3) diversions.push({ from: all[at] ?? '', to: all[at + 1] ?? '', by: all[at + 2] ?? '' });
  return diversions;
}
