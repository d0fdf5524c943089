import { dirname } from 'node:path';
import { readOptions } from '../options.js';
import { scan } from '../scan.js';
import { flagOf, formatOf, rawOptions, withTarget, type Given } from './given.js';
import { atTerminal } from './host.js';
import { formatted, print } from './show.js';

/** `inline-scan scan`: both phases. */
export async function scanCommand(target: string | undefined, given: Given, env: NodeJS.ProcessEnv): Promise<number> {
  const format = formatOf(given);
  const quiet = flagOf(given, 'quiet');
  const options = readOptions(await withTarget(rawOptions(given, env), target));
  const result = await atTerminal(env, quiet, (host) => scan(options, host));
  if (!quiet || format !== 'table') await print(formatted(format, result, result.written, options.show, env));
  if (flagOf(given, 'explain')) process.stderr.write(`${result.explained.join('\n')}\n`);
  if (!quiet) process.stderr.write(`Reports are in ${dirname(result.written.files.report)}\n`);
  return result.passed ? 0 : 1;
}
