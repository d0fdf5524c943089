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
  return table(shown(evaluation, show), { width: widthOf(process.stdout, env), color: wantsColor(process.stdout, env) });
}

/** The terminal's columns, else what COLUMNS says. A terminal that does not know says 0. */
export function widthOf({ columns }: { readonly columns?: number }, env: NodeJS.ProcessEnv): number {
  return columns || Number(/^[1-9]\d{0,3}$/.exec(env['COLUMNS'] ?? '')?.[0] ?? WIDTH);
}

/** Waits until a slow reader has taken it; one that has gone away is no error (src/cli.ts), and changes nothing of what comes after. */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => { process.stdout.write(text, () => resolve()); });
}
