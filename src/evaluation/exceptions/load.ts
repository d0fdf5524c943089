import { InputError } from '../../errors.js';
import { readConfigFile } from '../configFile.js';
import { NO_EXCEPTIONS, type Exceptions } from './exception.js';
import { isAnchoreAllowList, readAnchoreAllowList } from './readAnchoreAllowList.js';
import { readExceptionFile } from './readExceptionFile.js';
import { readGrypeIgnore } from './readGrypeIgnore.js';
import { readTrivyIgnore, readTrivyIgnoreYaml } from './readTrivyIgnore.js';

/** Read if it is there and no other file is named. */
export const DEFAULT_EXCEPTIONS = '.inline-scan.yaml';

/**
 * Loads exceptions from the file that the user names (several: separated by commas or lines), or from `.inline-scan.yaml` if there is one.
 * @param readFile gives the text of a file, or undefined where there is none.
 * Throws InputError for a file that is not there, and for whatever cannot be understood.
 */
export function loadExceptions(path: string | undefined, readFile: (path: string) => string | undefined): Exceptions {
  const paths = (path ?? '').split(/[,\n]/).map((one) => one.trim()).filter((one) => one !== '');
  if (paths.length === 0) {
    const text = readFile(DEFAULT_EXCEPTIONS);
    return text === undefined ? NO_EXCEPTIONS : readExceptions(DEFAULT_EXCEPTIONS, text);
  }
  const read = paths.map((one) => {
    const text = readFile(one);
    if (text === undefined) throw new InputError(`There is no file ${JSON.stringify(one)} of exceptions. Give the path of one, or leave the option out.`);
    return readExceptions(one, text);
  });
  return { entries: read.flatMap(({ entries }) => entries), notices: read.flatMap(({ notices }) => notices) };
}

/** Reads a file of exceptions in whichever of the formats it is: told by its name, or else by its content. */
function readExceptions(file: string, text: string): Exceptions {
  const name = file.split(/[\\/]/).at(-1) as string;
  if (/trivyignore\.ya?ml$/.test(name)) return readTrivyIgnoreYaml(file, text);
  if (/trivyignore$/.test(name)) return readTrivyIgnore(file, text);
  if (/grype\.ya?ml$/.test(name)) return readGrypeIgnore(file, text);
  const { value } = readConfigFile(file, text);
  if (isAnchoreAllowList(value)) return readAnchoreAllowList(file, text);
  if (typeof value === 'object' && value !== null) {
    if ('ignore' in value) return readGrypeIgnore(file, text);
    if (['vulnerabilities', 'misconfigurations', 'secrets', 'licenses'].some((key) => key in value)) return readTrivyIgnoreYaml(file, text);
  }
  return readExceptionFile(file, text);
}
