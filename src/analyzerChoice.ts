import type { Analyzer } from './analyzers/analyzer.js';
import { readAnalyzerConfig } from './analyzers/config/read.js';
import { createAnalyzers, type AnalyzerConfig } from './analyzers/index.js';
import { InputError } from './errors.js';
import type { AnalysisOptions } from './options.js';
import { didYouMean } from './text/suggest.js';

/** The seed's names of analyzers, where ours are called otherwise; `_` and `-` are the same in all. */
const SEED_NAMES: Readonly<Record<string, string>> = { 'analyzer-meta': 'distro', 'file-checksums': 'checksums' };

/** The seed's one analyzer for what are many here: all that find packages. */
const PACKAGES = new Set(['package-list', 'file-package-verify']);

/**
 * The analyzers that the user asks for, with their configuration: `a,b` are those alone, `-a` all but that.
 * @throws InputError for a name that there is not, naming those that there are
 */
export function analyzerConfig({ analyzers, analyzerConfig: path }: AnalysisOptions): AnalyzerConfig {
  const config = path === '' ? {} : readAnalyzerConfig(path);
  if (analyzers.length === 0) return config;
  const known = createAnalyzers({ ...config });
  const without = new Set(analyzers.filter((name) => name.startsWith('-')).flatMap((name) => named(name.slice(1), known)));
  const wanted = new Set(analyzers.filter((name) => !name.startsWith('-')).flatMap((name) => named(name, known)));
  return { ...config, names: known.map(({ name }) => name).filter((name) => !without.has(name) && (wanted.size === 0 || wanted.has(name))) };
}

function named(given: string, known: readonly Analyzer[]): string[] {
  const plain = given.toLowerCase().replaceAll('_', '-');
  if (PACKAGES.has(plain)) return known.filter(({ packages }) => packages !== undefined).map(({ name }) => name);
  const name = SEED_NAMES[plain] ?? plain;
  if (known.some((analyzer) => analyzer.name === name)) return [name];
  const names = known.map((analyzer) => analyzer.name);
  throw new InputError(`There is no analyzer ${JSON.stringify(given)}${didYouMean(plain, names)}. There are ${names.join(', ')}.`);
}
