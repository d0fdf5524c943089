import { InputError } from '../../errors.js';
import { NO_EXCEPTIONS, type Exceptions } from './exception.js';

/**
 * Loads VEX documents: OpenVEX, and CycloneDX in JSON. `not_affected` and `fixed` accept a finding, unless a later statement takes that back.
 * @param readFile gives the text of a file, or undefined where there is none.
 * Throws InputError for a file that is not there or is neither.
 */
export async function loadVex(paths: readonly string[], readFile: (path: string) => string | undefined): Promise<Exceptions> {
  if (paths.length === 0) return NO_EXCEPTIONS;
  const files = paths.map((path) => {
    const text = readFile(path);
    if (text === undefined) throw new InputError(`There is no VEX document ${JSON.stringify(path)}. Give the path of one, or leave the option out.`);
    return { path, text };
  });
  // loaded where there is something to read
  const { readVex } = await import('./readVex.js');
  return readVex(files);
}
