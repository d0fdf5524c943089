import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { InputError } from './errors.js';
import type { Host } from './host.js';

/** The directory that the user names, or a fresh one below the runner's temporary folder. @throws InputError where it cannot be made */
export async function makeOutputDirectory(named: string, host: Host): Promise<string> {
  const parent = host.env['RUNNER_TEMP'] || tmpdir();
  const directory = isAbsolute(named) ? named : join(host.workspace, named);
  try {
    if (named === '') return await mkdtemp(join(parent, 'inline-scan-'));
    await mkdir(directory, { recursive: true });
    return directory;
  } catch (error) {
    throw new InputError(`The output directory ${named === '' ? parent : directory} cannot be made (${error instanceof Error ? error.message : 'unknown'}). Choose another with output-directory.`, { cause: error });
  }
}
