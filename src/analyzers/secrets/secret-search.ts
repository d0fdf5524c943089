import type { LayerEntry } from '../../image/layer.js';
import { pythonJson } from '../../text/python-json.js';
import type { Analyzer, ImageView, Located, ReportSections } from '../analyzer.js';
import { searchLines } from '../contents/line-search.js';
import type { SearchConfig } from '../contents/line-search.js';
import { configSecrets } from './config-secrets.js';
import { secretDetector } from './detect.js';
import type { Detector } from './detect.js';
import { holdsPrivateKey, KEYSTORE_PATTERN, mayBeKeystore, MAX_KEYSTORE_BYTES } from './keystore.js';
import { maskOf } from './imageMask.js';
import { maskSecrets } from './mask.js';
import { isLeftOut, placeOf } from './place.js';
import { RULES } from './rules/index.js';
import { patternKey, patternName } from './sections.js';
import type { HiddenSecret } from './sections.js';
import { isText, linesOf, MAX_TEXT_BYTES, textOf } from './text.js';

/** What of the user's configuration the search of secrets goes by. */
export interface SecretSearchConfig extends SearchConfig {
  /** Names of built-in kinds that are switched off. */
  readonly disabled: readonly string[];
  /** Largest text file that the built-in kinds are looked for in, in bytes. */
  readonly maxTextBytes: number;
}

export const DEFAULT_SECRET_SEARCH: SecretSearchConfig = { disabled: [], maxTextBytes: MAX_TEXT_BYTES, patterns: [], maxFileBytes: MAX_TEXT_BYTES };

/** Pattern (`NAME=regex`) → lines from 0. A list of pairs: names are the user's, and a fact is plain JSON. */
export type SecretFact = readonly (readonly [pattern: string, lines: readonly number[]])[];

/** `secret_search`: secrets in files, in files that a later layer hid, and in the image's config. */
export function secretSearch(config: SecretSearchConfig = DEFAULT_SECRET_SEARCH): Analyzer<SecretFact> {
  // made when the first file comes: analyzers are listed in threads that run others
  let detector: Detector | undefined;
  const limit = Math.max(config.maxTextBytes, config.patterns.length > 0 ? config.maxFileBytes : 0);
  const keystores = !config.disabled.includes('KEYSTORE');
  return {
    name: 'secret-search',
    description: 'Keys, tokens and passwords in files, in deleted files and in the image’s config.',
    version: 2,
    settings: config,
    wants(entry, head) {
      if (entry.size === 0 || isLeftOut(`/${entry.path}`)) return 'nothing';
      // first: one keystore in eight has no NUL in its first 512 bytes
      if (mayBeKeystore(head, entry.size)) return keystores ? { limit: MAX_KEYSTORE_BYTES, beyond: 'skip' } : 'nothing';
      return isText(head) ? { limit, beyond: 'skip' } : 'nothing';
    },
    analyze(entry, given, tell) {
      if (mayBeKeystore(given, given.length)) return holdsPrivateKey(given) ? [[KEYSTORE_PATTERN, [0]]] : undefined;
      const bytes = textOf(given);
      detector ??= secretDetector(RULES.filter(({ name }) => !config.disabled.includes(name)));
      const fact = [...builtInMatches(detector, entry, bytes, config, tell), ...searchLines(bytes, config, tell)];
      return fact.length === 0 ? undefined : fact;
    },
    report: secretSections,
  };
}

function builtInMatches(detector: Detector, entry: LayerEntry, bytes: Buffer, config: SecretSearchConfig, tell: (message: string) => void): SecretFact {
  if (entry.size > config.maxTextBytes) return [];
  const path = `/${entry.path}`;
  const { matches, complete } = detector(bytes, { place: placeOf(path), path, strict: false });
  if (!complete) tell('It has so much that looks like secrets that the search for them was stopped before its end.');
  const lines = linesOf(bytes, matches.map(({ start }) => start));
  const byPattern = new Map<string, Set<number>>();
  for (const [index, { pattern }] of matches.entries()) {
    byPattern.set(pattern, (byPattern.get(pattern) ?? new Set()).add(lines[index] ?? 0));
  }
  return [...byPattern].map(([pattern, found]) => [pattern, [...found]] as const);
}

function secretSections(view: ImageView<SecretFact>): ReportSections {
  const visible: Record<string, string> = {};
  for (const { path, fact } of view.facts()) {
    visible[path] = pythonJson(Object.fromEntries(fact.map(([pattern, lines]) => [patternKey(pattern), lines] as const)));
  }
  const config = [...configSecrets(view.image)].map(([place, secrets]) => [place, JSON.stringify(secrets)] as const);
  return {
    secret_search: {
      'regexp_matches.all': visible,
      'hidden_regexp_matches.all': hiddenSection(view),
      // names are the image's: fromEntries defines own properties
      'config_regexp_matches.all': Object.fromEntries(config),
    },
  };
}

/** A file that a later layer only changed the mode of is there still, and told as visible: same bytes, as size, time and lines say. */
function isStillVisible(hidden: Located<SecretFact>, visible: ReadonlyMap<string, Located<SecretFact>>): boolean {
  const now = visible.get(hidden.path);
  return now !== undefined && now.entry.size === hidden.entry.size && now.entry.mtime === hidden.entry.mtime && JSON.stringify(now.fact) === JSON.stringify(hidden.fact);
}

function hiddenSection(view: ImageView<SecretFact>): Record<string, string> {
  const byPath = new Map<string, HiddenSecret[]>();
  const mask = maskOf(view.image.config, maskSecrets);
  const visible = new Map([...view.facts()].map((located) => [located.path, located]));
  for (const hidden of view.hidden()) {
    if (isStillVisible(hidden, visible)) continue;
    const { path, layer, hiddenBy, fact } = hidden;
    const instruction = mask(view.image.layers[layer]?.createdBy ?? '');
    const rows = fact.map(([pattern, lines]) => ({ name: patternName(pattern), pattern, lines, layer, hiddenBy, instruction }));
    byPath.set(path, [...(byPath.get(path) ?? []), ...rows]);
  }
  return Object.fromEntries([...byPath].map(([path, rows]) => [path, JSON.stringify(rows)]));
}
