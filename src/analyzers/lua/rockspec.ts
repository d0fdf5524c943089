import { packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { FormatError, readText } from '../packageFile/read.js';

/**
 * A rock's description, kept at `rocks-5.4/NAME/VERSION/NAME-VERSION.rockspec`. Source: LuaRocks, "Rockspec format".
 * It is a Lua program; it is not run: only plain assignments of strings are read. The path says name and version as well,
 * and speaks where the program computes them.
 */
function parseRockspec(bytes: Buffer, path: string): readonly PackageDraft[] {
  const text = readText(bytes);
  const place = /(?:^|\/)rocks(?:-[\d.]+)?\/([^/]+)\/([^/]+)\/[^/]+\.rockspec$/.exec(path);
  const name = assigned(text, 'package') || joined(text, 'package') || (place?.[1] ?? '');
  const version = assigned(text, 'version') || joined(text, 'version') || (place?.[2] ?? '');
  if (name === '') throw new FormatError('is a rockspec that does not say what it is');
  const license = assigned(text, 'license');
  const homepage = assigned(text, 'homepage');
  const url = assigned(text, 'url');
  return [{
    name,
    version,
    purl: purlOf({ type: 'luarocks', name, version }),
    licenses: license === '' ? [] : [license],
    origin: assigned(text, 'maintainer'),
    dependencies: dependenciesOf(text),
    metadata: { ...(homepage === '' ? {} : { homepage }), ...(url === '' ? {} : { sourceUrl: url }) },
  }];
}

/** The string that a field is given, at the start of a line or after a brace, comma or semicolon. */
function assigned(text: string, field: string): string {
  const match = new RegExp(`(?:^|[\\n{,;])[ \\t]*${field}[ \\t]*=[ \\t]*(?:"([^"\\n]{0,500})"|'([^'\\n]{0,500})'|\\[\\[([^\\]]{0,500})\\]\\])`).exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
}

/** Strings and names of local strings, joined by `..`: `version = package_version .. "-" .. rockspec_revision`. Empty where anything else is in it. */
function joined(text: string, field: string): string {
  const [, sum = ''] = new RegExp(`(?:^|\\n)[ \\t]*${field}[ \\t]*=[ \\t]*([^\\n]{1,500})`).exec(text) ?? [];
  const parts = sum.replace(/--.*/, '').split('..').map((part) => {
    const [, string, name] = /^\s*(?:"([^"]*)"|'[^']*'|([A-Za-z_]\w{0,100}))[\s;]*$/.exec(part) ?? [];
    return string ?? (name === undefined ? /^\s*'([^']*)'/.exec(part)?.[1] : local(text, name));
  });
  return parts.every((part) => part !== undefined && part !== '') ? parts.join('') : '';
}

function local(text: string, name: string): string {
  return new RegExp(`(?:^|\\n)[ \\t]*local[ \\t]+${name}[ \\t]*=[ \\t]*["']([^"'\\n]{0,200})["']`).exec(text)?.[1] ?? '';
}

function dependenciesOf(text: string): readonly string[] {
  const list = /(?:^|\n)[ \t]*dependencies[ \t]*=[ \t]*\{([^}]{0,10000})\}/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/["']([\w.-]+)/g)].map(([, name]) => name ?? '').filter((name) => name !== 'lua');
}

export const rockspec = packageFileAnalyzer({
  name: 'lua',
  description: 'Lua rocks (*.rockspec).',
  version: 2,
  type: 'lua',
  limit: 1024 * 1024,
  matches: (path) => path.endsWith('.rockspec'),
  parse: parseRockspec,
});
