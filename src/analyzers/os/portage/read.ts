import { lines } from '../deb822.js';

/** A row of CONTENTS: a file with its md5, or a folder or link without. */
export type ContentsRow = readonly [path: string, md5: string];

/** `obj PATH MD5 MTIME`, `sym PATH -> TARGET MTIME`, `dir PATH`. Source: https://wiki.gentoo.org/wiki/Portage and portage's dbapi/vartree.py. */
export function readContents(text: string): ContentsRow[] {
  const rows: ContentsRow[] = [];
  for (const line of lines(text)) {
    const words = line.split(' ');
    const [kind, ...rest] = words;
    if (kind === 'obj' && rest.length > 2) rows.push([rest.slice(0, -2).join(' '), rest.at(-2) ?? '']);
    else if (kind === 'sym') rows.push([rest.join(' ').split(' -> ', 1)[0] ?? '', '']);
    else if (kind === 'dir' || kind === 'dev' || kind === 'fif') rows.push([rest.join(' '), '']);
  }
  return rows.filter(([path]) => path.startsWith('/'));
}

/** Category, name and version of a folder `var/db/pkg/CATEGORY/NAME-VERSION[-rREVISION]`. Source: Gentoo's Package Manager Specification, 3. */
export function packageOfFolder(folder: string): { readonly category: string; readonly name: string; readonly version: string } | undefined {
  const [category = '', full = ''] = folder.split('/').slice(-2);
  const [, name, version] = /^(.{1,255})-(\d[\w.]*(?:-r\d+)?)$/.exec(full) ?? [];
  return name === undefined || version === undefined ? undefined : { category, name, version };
}

/** Names in a LICENSE or RDEPEND: groups `||`, `flag?` and brackets are left out. */
export function namesOf(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter((word) => /^[^()|?]+$/.test(word)))];
}

/** `CATEGORY/NAME` of a dependency `>=dev-libs/openssl-1.1.1:0=[-bindist]`; the empty string for a block. */
export function atomName(atom: string): string {
  if (atom.startsWith('!')) return '';
  const [plain = ''] = atom.replace(/^[<>=~]+/, '').split(/[:[]/, 1);
  return plain.replace(/-\d[\w.]*(?:-r\d+)?\*?$/, '');
}
