import { baseName, folderOf, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readText } from '../packageFile/read.js';

const SHOWN = [['Title', 'title'], ['Repository', 'repository'], ['URL', 'homepage'], ['Built', 'built']] as const;

/**
 * R's DESCRIPTION: fields as in Debian's control files. Source: R, "Writing R Extensions" 1.1.1.
 * Other things are called DESCRIPTION, too: without `Package` and `Version` it is not R's, and nothing is said.
 */
function parseDescription(bytes: Buffer): readonly PackageDraft[] {
  const fields = fieldsOf(readText(bytes));
  const name = fields.get('Package') ?? '';
  const version = fields.get('Version') ?? '';
  if (!/^[A-Za-z][A-Za-z0-9.]*$/.test(name) || version === '') return [];
  const kept = SHOWN.flatMap(([field, key]) => (fields.has(field) ? [[key, fields.get(field) as string]] : []));
  return [{
    name,
    version,
    purl: purlOf({ type: 'cran', name, version }),
    licenses: licensesOf(fields.get('License') ?? ''),
    origin: fields.get('Maintainer') ?? fields.get('Author') ?? '',
    dependencies: ['Depends', 'Imports', 'LinkingTo'].flatMap((key) => namesOf(fields.get(key) ?? '')),
    metadata: Object.fromEntries(kept) as Record<string, string>,
  }];
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (/^\s/.test(line)) {
      current?.push(line.trim());
    } else if (colon > 0) {
      current = [line.slice(colon + 1).trim()];
      fields.set(line.slice(0, colon), current);
    }
  }
  return new Map([...fields].map(([key, lines]) => [key, lines.join(' ').trim()]));
}

/** `GPL-2 | GPL-3 | file LICENSE`; what only says that there is a file says nothing. */
function licensesOf(text: string): readonly string[] {
  return text.split('|').map((part) => part.replace(/\+?\s*file LICEN[CS]E/i, '').trim()).filter((part) => part !== '');
}

function namesOf(text: string): readonly string[] {
  return text.split(',').flatMap((part) => /^[A-Za-z][A-Za-z0-9.]*/.exec(part.trim())?.[0] ?? []).filter((name) => name !== 'R');
}

export const rDescription = packageFileAnalyzer({
  name: 'r',
  description: 'R packages of a library (DESCRIPTION).',
  version: 1,
  type: 'r',
  // CRAN's largest have 20 kB.
  limit: 1024 * 1024,
  matches: (path) => baseName(path) === 'DESCRIPTION' && folderOf(path) !== '',
  parse: parseDescription,
});
