import { createAnalyzers, type AnalyzerConfig } from './analyzers/index.js';
import { readAnalyzerConfig } from './analyzers/config/read.js';
import { InputError } from './errors.js';
import type { AnalysisOptions } from './options.js';

/**
 * The analyzers that the user asks for, with their configuration: `a,b` are those alone, `-a` all but that.
 * @throws InputError for a name that there is not, naming those that there are
 */
export function analyzerConfig({ analyzers, analyzerConfig: path }: AnalysisOptions): AnalyzerConfig {
  const config = path === '' ? {} : readAnalyzerConfig(path);
  if (analyzers.length === 0) return config;
  const known = createAnalyzers({ ...config }).map(({ name }) => name);
  const unknown = analyzers.find((name) => !known.includes(name.replace(/^-/, '')));
  if (unknown !== undefined) throw new InputError(`There is no analyzer ${JSON.stringify(unknown.replace(/^-/, ''))}. There are ${known.join(', ')}.`);
  const without = new Set(analyzers.filter((name) => name.startsWith('-')).map((name) => name.slice(1)));
  const wanted = new Set(analyzers.filter((name) => !name.startsWith('-')));
  return { ...config, names: known.filter((name) => !without.has(name) && (wanted.size === 0 || wanted.has(name))) };
}
