import { pythonJson } from '../../text/python-json.js';
import type { Analyzer } from '../analyzer.js';
import { patternKey } from '../secrets/sections.js';
import { searchLines } from './line-search.js';
import type { SearchConfig } from './line-search.js';

/** Pattern (`NAME=regex`) → lines from 0. */
export type ContentFact = readonly (readonly [pattern: string, lines: readonly number[]])[];

/** Largest file that is searched where the user sets no MAXFILESIZE, in bytes. */
const MAX_CONTENT_BYTES = 16 * 1024 * 1024;

export const DEFAULT_CONTENT_SEARCH: SearchConfig = { patterns: [], maxFileBytes: MAX_CONTENT_BYTES };

/** `content_search`: the user's own patterns, in every file of at most the size he names, binary ones too, as Anchore does. */
export function contentSearch(config: SearchConfig = DEFAULT_CONTENT_SEARCH): Analyzer<ContentFact> {
  return {
    name: 'content-search',
    description: 'Your own patterns, looked for in files (analyzer-config: content_search).',
    version: 2,
    settings: config,
    wants: ({ size }) => (config.patterns.length === 0 || size === 0 ? 'nothing' : { limit: config.maxFileBytes, beyond: 'skip' }),
    analyze(_entry, bytes, tell) {
      const found = searchLines(bytes, config, tell);
      return found.length === 0 ? undefined : found;
    },
    report(view) {
      const base: Record<string, string> = {};
      for (const { path, fact } of view.facts()) {
        base[path] = pythonJson(Object.fromEntries(fact.map(([pattern, lines]) => [patternKey(pattern), lines] as const)));
      }
      return { content_search: { 'regexp_matches.all': base } };
    },
  };
}
