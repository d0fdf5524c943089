import { maskSecrets } from '../analyzers/secrets/mask.js';
import type { Evaluated } from '../evaluator.js';
import type { ShowOptions } from '../options.js';
import { shown } from '../output/shown.js';
import { table } from '../output/table.js';
import type { Written } from '../writeReports.js';
import type { Format } from './given.js';

/** Columns where nobody says: a log, a file. */
const WIDTH = 120;

/** What goes to standard output in each format. */
export function formatted(format: Format, { evaluation }: Evaluated, written: Written, show: ShowOptions, env: NodeJS.ProcessEnv): string {
  if (format === 'json') return written.json;
  if (format === 'sarif') return written.sarif;
  if (format === 'markdown') return written.markdown;
  return table(shown(evaluation, show), { width: process.stdout.columns ?? WIDTH, color: wantsColor(env), mask: maskSecrets });
}

/** Colours help people at a terminal, unless they say no. Source: no-color.org; FORCE_COLOR as node has it. */
function wantsColor(env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0') return true;
  return process.stdout.isTTY && env['TERM'] !== 'dumb';
}
