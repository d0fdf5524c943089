import { InputError } from '../../errors.js';
import { NO_EXCEPTIONS, type Exceptions } from './exception.js';

/** Read if it is there and no other file is named. */
export const DEFAULT_EXCEPTIONS = '.inline-scan.yaml';

/**
 * Loads exceptions from the file that the user names (several: separated by commas or lines), or from `.inline-scan.yaml` if there is one.
 * @param readFile gives the text of a file, or undefined where there is none.
 * Throws InputError for a file that is not there, and for whatever cannot be understood.
 */
export async function loadExceptions(path: string | undefined, readFile: (path: string) => string | undefined): Promise<Exceptions> {
  const files = filesNamed(path ?? '', readFile);
  if (files.length === 0) return NO_EXCEPTIONS;
  // the reader of YAML is loaded where there is something to read
  const { readExceptions } = await import('./readExceptions.js');
  const read = files.map(({ file, text }) => readExceptions(file, text));
  return { entries: read.flatMap(({ entries }) => entries), notices: read.flatMap(({ notices }) => notices) };
}

function filesNamed(path: string, readFile: (path: string) => string | undefined): { readonly file: string; readonly text: string }[] {
  const paths = path.split(/[,\n]/).map((one) => one.trim()).filter((one) => one !== '');
  const usual = paths.length === 0 ? readFile(DEFAULT_EXCEPTIONS) : undefined;
  if (usual !== undefined) return [{ file: DEFAULT_EXCEPTIONS, text: usual }];
  return paths.map((file) => {
    const text = readFile(file);
    if (text === undefined) throw new InputError(`There is no file ${JSON.stringify(file)} of exceptions. Give the path of one, or leave the option out.`);
    return { file, text };
  });
}
