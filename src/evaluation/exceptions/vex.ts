import { InputError } from '../../errors.js';
import { readConfigFile } from '../configFile.js';
import type { Exceptions } from './exception.js';
import { readCycloneDxVex } from './readCycloneDxVex.js';
import { readOpenVex, type VexDocument } from './readOpenVex.js';

/**
 * Loads VEX documents: OpenVEX, and CycloneDX in JSON. `not_affected` and `fixed` accept a finding, unless a later statement takes that back.
 * @param readFile gives the text of a file, or undefined where there is none.
 * Throws InputError for a file that is not there or is neither.
 */
export function loadVex(paths: readonly string[], readFile: (path: string) => string | undefined): Exceptions {
  const documents = paths.map((path) => {
    const text = readFile(path);
    if (text === undefined) throw new InputError(`There is no VEX document ${JSON.stringify(path)}. Give the path of one, or leave the option out.`);
    return readVex(path, text);
  });
  // Later statements win, whichever document they are in.
  const entries = documents.flatMap((document) => document.entries).sort((left, right) => left.time - right.time);
  return { entries: entries.map(({ exception }) => exception), notices: documents.flatMap(({ notices }) => notices) };
}

function readVex(path: string, text: string): VexDocument {
  if (text.trimStart().startsWith('<')) throw new InputError(`${path} is XML. Give the CycloneDX document in JSON.`);
  const config = readConfigFile(path, text);
  const { value } = config;
  if (typeof value === 'object' && value !== null) {
    if ('bomFormat' in value) return readCycloneDxVex(config);
    if ('@context' in value) return readOpenVex(config);
  }
  throw new InputError(`${path} is no VEX document that is understood. Give an OpenVEX document (with @context), or CycloneDX (with bomFormat).`);
}
