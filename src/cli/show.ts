import type { Evaluated } from '../evaluator.js';
import type { ShowOptions } from '../options.js';
import { shown } from '../output/shown.js';
import { table, wantsColor } from '../output/table.js';
import type { Written } from '../writeReports.js';
import type { Format } from './given.js';

/** Columns where nobody says: a log, a file. */
const WIDTH = 120;

/** What goes to standard output in each format. */
export function formatted(format: Format, { evaluation }: Evaluated, written: Written, show: ShowOptions, env: NodeJS.ProcessEnv): string {
  if (format === 'json') return written.json;
  if (format === 'sarif') return written.sarif;
  if (format === 'markdown') return written.markdown;
  return table(shown(evaluation, show), { width: process.stdout.columns ?? WIDTH, color: wantsColor(process.stdout, env) });
}
