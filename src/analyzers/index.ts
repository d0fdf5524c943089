import type { Analyzer } from './analyzer.js';
import { checksums } from './checksums.js';
import { OS_ANALYZERS } from './os/index.js';

/** What a user may say about the analyzers; plain data, it crosses threads and is part of the cache's key. */
export interface AnalyzerConfig {
  /** Which analyzers run; all of them when it is left out. */
  readonly names?: readonly string[];
}

const ALL: readonly Analyzer[] = [checksums as Analyzer, ...OS_ANALYZERS];

/** The analyzers that a configuration asks for. */
export function createAnalyzers(config: AnalyzerConfig): Analyzer[] {
  return ALL.filter(({ name }) => config.names?.includes(name) ?? true);
}
