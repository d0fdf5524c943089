import { InputError } from '../../errors.js';
import { readConfigFile } from '../configFile.js';
import type { Exceptions } from './exception.js';
import { readCycloneDxVex } from './readCycloneDxVex.js';
import { readOpenVex, type VexDocument } from './readOpenVex.js';

/** Reads VEX documents. Later statements win, whichever document they are in. Throws InputError for one that is in no format that is understood. */
export function readVex(files: readonly { readonly path: string; readonly text: string }[]): Exceptions {
  const documents = files.map(readDocument);
  const entries = documents.flatMap((document) => document.entries).sort((left, right) => left.time - right.time);
  return { entries: entries.map(({ exception }) => exception), notices: documents.flatMap(({ notices }) => notices) };
}

/** Which format it is, its content tells. */
function readDocument({ path, text }: { readonly path: string; readonly text: string }): VexDocument {
  if (text.trimStart().startsWith('<')) throw new InputError(`${path} is XML. Give the CycloneDX document in JSON.`);
  const config = readConfigFile(path, text);
  const { value } = config;
  if (typeof value === 'object' && value !== null) {
    if ('bomFormat' in value) return readCycloneDxVex(config);
    if ('@context' in value) return readOpenVex(config);
  }
  throw new InputError(`${path} is no VEX document that is understood. Give an OpenVEX document (with @context), or CycloneDX (with bomFormat).`);
}
