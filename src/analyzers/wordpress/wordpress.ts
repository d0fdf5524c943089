import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readText } from '../packageFile/read.js';

/**
 * WordPress itself (wp-includes/version.php), its plugins and its themes, by the comment at the head of one of their files.
 * Source: WordPress, Plugin Handbook, "Header Requirements"; `get_file_data` reads the first 8 kB, and so do we.
 * The name is the folder's (the slug, by which wordpress.org and advisories know it); the title is in the metadata.
 */
const HEADER_BYTES = 8 * 1024;
const CORE = /(?:^|\/)wp-includes\/version\.php$/;
const PLUGIN = /(?:^|\/)wp-content\/(?:mu-)?plugins\/(?:([^/]+)\/)?([^/]+)\.php$/;
const THEME = /(?:^|\/)wp-content\/themes\/([^/]+)\/style\.css$/;

function parseWordPress(bytes: Buffer, path: string): readonly PackageDraft[] {
  const head = readText(bytes.subarray(0, HEADER_BYTES));
  if (CORE.test(path)) {
    const version = /^[ \t]*\$wp_version[ \t]*=[ \t]*['"]([^'"]+)['"]/m.exec(head)?.[1];
    return version === undefined ? [] : [{ name: 'wordpress', version, purl: purlOf({ type: 'generic', name: 'wordpress', version }), metadata: { cpe: `cpe:2.3:a:wordpress:wordpress:${version}:*:*:*:*:*:*:*` } }];
  }
  const theme = THEME.exec(path);
  if (theme !== null) return extension(head, 'theme', theme[1] ?? '', 'Theme Name');
  const plugin = PLUGIN.exec(path);
  return plugin === null ? [] : extension(head, 'plugin', plugin[1] ?? plugin[2] ?? '', 'Plugin Name');
}

function extension(head: string, kind: 'plugin' | 'theme', slug: string, titleField: string): readonly PackageDraft[] {
  const title = field(head, titleField);
  const version = field(head, 'Version');
  // Of a plugin's many files only one has the header.
  if (title === '' || version === '') return [];
  const license = field(head, 'License');
  const homepage = field(head, 'Plugin URI') || field(head, 'Theme URI');
  return [{
    name: slug,
    version,
    purl: purlOf({ type: 'generic', namespace: `wordpress/${kind}`, name: slug, version }),
    licenses: license === '' ? [] : [license],
    origin: field(head, 'Author'),
    metadata: { kind, title, ...(homepage === '' ? {} : { homepage }) },
  }];
}

/** A header's field: at the start of a line, perhaps behind a comment's stars. */
function field(head: string, name: string): string {
  return new RegExp(`^[ \\t/*#@]{0,20}${name}:([^\\r\\n]{0,500})`, 'im').exec(head)?.[1]?.replace(/(?:\*\/|\?>).*/, '').trim() ?? '';
}

export const wordpress = packageFileAnalyzer({
  name: 'wordpress',
  description: 'WordPress, its plugins and themes.',
  version: 1,
  type: 'wordpress',
  // Only the head is read; a plugin's largest PHP files have some MB of data.
  limit: 16 * 1024 * 1024,
  matches: (path) => CORE.test(path) || THEME.test(path) || (PLUGIN.test(path) && baseName(path) !== 'index.php'),
  parse: parseWordPress,
});
