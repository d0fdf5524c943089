import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { isPublished } from '../packageFile/published.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readText } from '../packageFile/read.js';
import { element, readTerms, textOf, type Term } from './terms.js';

/**
 * What Mix and Rebar locked. A dependency from git is not on hex.pm: its package URL is `generic`, its version the commit.
 * Sources: Elixir, Mix.Dep.Lock; rebar3, `rebar_config:consult_lock_file`.
 */

/** `"cowboy": {:hex, :cowboy, "2.9.0", "…checksum…", [:make], [{:cowlib, "2.11.0", …}], "hexpm", "…"},` one line each. */
const MIX_ENTRY = /^[ \t]*"([^"]+)":\s*\{:(\w+),\s*(?::"?([\w.@-]+)"?|"([^"]*)"),\s*"([^"]*)"/gm;

function parseMixLock(bytes: Buffer): readonly PackageDraft[] {
  return [...readText(bytes).matchAll(MIX_ENTRY)].map(([, key, source, atom, url, version]) => (
    source === 'hex' ? hexDraft(atom ?? key ?? '', version ?? '') : gitDraft(key ?? '', version ?? '', url ?? '')
  ));
}

/** `{"1.2.0", [{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0} …]}.` then hashes; before 1.0 the list alone. */
function parseRebarLock(bytes: Buffer): readonly PackageDraft[] {
  const first = readTerms(readText(bytes))[0];
  const list = typeof element(first, 0) === 'string' ? element(first, 1) : first;
  if (list === undefined || typeof list === 'string') return [];
  return list.flatMap((entry: Term) => {
    const name = textOf(element(entry, 0));
    const source = element(entry, 1);
    const kind = textOf(element(source, 0));
    if (kind === 'pkg') return [hexDraft(textOf(element(source, 1)) || name, textOf(element(source, 2)))];
    return [gitDraft(name, textOf(element(element(source, 2), 1)), textOf(element(source, 1)))];
  });
}

function hexDraft(name: string, version: string): PackageDraft {
  return { name, version, purl: purlOf({ type: 'hex', name, version }) };
}

function gitDraft(name: string, version: string, url: string): PackageDraft {
  return { name, version, purl: purlOf({ type: 'generic', name, version, qualifiers: { vcs_url: url } }), metadata: { sourceUrl: url } };
}

export const hexLocks = packageFileAnalyzer({
  name: 'hex-locks',
  description: 'Erlang and Elixir packages that a mix.lock or rebar.lock names.',
  version: 2,
  type: 'hex',
  limit: 4 * 1024 * 1024,
  matches: (path) => ['mix.lock', 'rebar.lock'].includes(baseName(path)) && !isPublished(path),
  parse: (bytes, path) => (baseName(path) === 'mix.lock' ? parseMixLock(bytes) : parseRebarLock(bytes)),
});
