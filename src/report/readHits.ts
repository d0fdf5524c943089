import type { AnalysisReport, Base } from './document.js';
import { baseOf, jsonIn } from './readSection.js';
import type { PatternHit, ScannedImage } from './scanned.js';

interface Hits {
  readonly secrets: readonly PatternHit[];
  readonly hidden: readonly PatternHit[];
  readonly config: readonly PatternHit[];
  readonly contents: readonly PatternHit[];
  readonly malware: ScannedImage['malware'];
}

/** A value of our own outputs of secrets that no visible file holds. */
interface OwnHit {
  readonly name: string;
  readonly pattern: string;
  readonly lines?: readonly number[];
  readonly layer?: number;
}

/** What the analyzers' patterns hit. */
export function readHits(sections: AnalysisReport, layerOf: (path: string) => number): Hits {
  const own = (output: string): PatternHit[] => Object.entries(baseOf(sections, 'secret_search', output)).flatMap(([path, value]) =>
    (jsonIn<OwnHit[]>(value) ?? []).map(({ name, pattern, lines = [], layer = -1 }) => ({ path, name, pattern, lines, layer })));
  return {
    secrets: patternHits(baseOf(sections, 'secret_search', 'regexp_matches.all'), layerOf),
    contents: patternHits(baseOf(sections, 'content_search', 'regexp_matches.all'), layerOf),
    hidden: own('hidden_regexp_matches.all'),
    config: own('config_regexp_matches.all'),
    malware: malwareHits(sections),
  };
}

function patternHits(base: Base, layerOf: (path: string) => number): PatternHit[] {
  return Object.entries(base).flatMap(([path, value]) =>
    Object.entries(jsonIn<Record<string, number[]>>(value) ?? {}).map(([key, lines]): PatternHit => {
      const pattern = Buffer.from(key, 'base64').toString('utf8');
      const name = pattern.includes('=') ? pattern.slice(0, pattern.indexOf('=')) : '';
      return { path, name, pattern, lines, layer: layerOf(path) };
    }));
}

function malwareHits(sections: AnalysisReport): ScannedImage['malware'] {
  const base = sections['malware']?.['malware']?.base;
  if (base === undefined) return null;
  return Object.entries(base).flatMap(([scanner, value]) =>
    (jsonIn<{ findings?: { path: string; signature: string }[] }>(value)?.findings ?? []).map(({ path, signature }) => ({ scanner, path, signature })));
}
