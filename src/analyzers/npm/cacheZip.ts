import { Fault } from '../archive/fault.js';
import { openZip } from '../archive/open.js';
import { FormatError, readJson } from '../packageFile/read.js';
import type { PackageDraft } from '../packageFile/draft.js';
import { readPackageJson } from './packageJson.js';

/** A package of Yarn's Plug'n'Play, in its zip, with the path of its package.json inside. */
export interface ZippedPackage {
  readonly within: string;
  readonly draft: PackageDraft;
}

/** Bytes of a package.json that are read. */
const MOST_JSON_BYTES = 4 * 1024 * 1024;

/**
 * The package in a zip of Yarn's cache, from which Plug'n'Play runs without unpacking: `node_modules/NAME/package.json`, and those bundled in it.
 */
export function readCacheZip(bytes: Buffer, tell: (message: string) => void): ZippedPackage[] {
  const archive = openZip(bytes);
  if (archive instanceof Fault) {
    tell(`The archive ${archive.reason}.`);
    return [];
  }
  return archive.entries.filter(({ name }) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(name)).flatMap((entry) => {
    const content = archive.read(entry, MOST_JSON_BYTES);
    const draft = content instanceof Fault ? content : readDraft(content);
    if (draft instanceof Fault) tell(`The entry ${entry.name} ${draft.reason}.`);
    return draft === undefined || draft instanceof Fault ? [] : [{ within: `:${entry.name}`, draft }];
  });
}

function readDraft(content: Buffer): PackageDraft | Fault | undefined {
  try {
    return readPackageJson(readJson(content));
  } catch (error) {
    if (error instanceof FormatError) return new Fault(error.message);
    throw error;
  }
}
