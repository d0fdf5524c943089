import { downloadAdvisories } from '../evaluation/advisories/download.js';
import type { Given } from './given.js';
import { interruptible } from './interrupt.js';

/** `inline-scan advisories download`: exports for a place without a network. */
export async function downloadCommand(directory: string, given: Given): Promise<number> {
  const ecosystems = Array.isArray(given['ecosystem']) ? given['ecosystem'].filter((name): name is string => typeof name === 'string') : [];
  const from = typeof given['from'] === 'string' ? { from: given['from'] } : {};
  const { ecosystems: fetched, problems } = await interruptible((signal) => (
    downloadAdvisories(directory, { ecosystems, ...from, signal, onProgress: (line) => { process.stderr.write(`${line}\n`); } })));
  for (const { name, records } of fetched) process.stdout.write(`${name}: ${records} records\n`);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return 0;
}
