import { readConfigFile } from '../configFile.js';
import type { Exceptions } from './exception.js';
import { isAnchoreAllowList, readAnchoreAllowList } from './readAnchoreAllowList.js';
import { readExceptionFile } from './readExceptionFile.js';
import { readGrypeIgnore } from './readGrypeIgnore.js';
import { readTrivyIgnore, readTrivyIgnoreYaml } from './readTrivyIgnore.js';

/** Reads a file of exceptions in whichever of the formats it is: told by its name, or else by its content. Throws InputError. */
export function readExceptions(file: string, text: string): Exceptions {
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
