import { Fault } from '../archive/fault.js';
import { openZip, type OpenArchive } from '../archive/open.js';
import type { PackageDraft } from '../packageFile/draft.js';
import { readDistribution } from './distribution.js';

/** A distribution within a zip. */
export interface ZippedDistribution {
  /** `:EGG-INFO/PKG-INFO`, `:x-1.0.dist-info/METADATA`. */
  readonly within: string;
  readonly draft: PackageDraft;
}

/** Bytes of a METADATA that are read: its description may be long. */
const MOST_METADATA_BYTES = 16 * 1024 * 1024;

/** The distributions of an egg (`EGG-INFO/PKG-INFO`) or a wheel (`X.dist-info/METADATA`) that is kept as a zip. */
export function readZippedDistributions(bytes: Buffer, tell: (message: string) => void): ZippedDistribution[] {
  const archive = openZip(bytes);
  if (archive instanceof Fault) {
    tell(`The archive ${archive.reason}.`);
    return [];
  }
  return archive.entries
    .filter(({ name }) => /^(?:EGG-INFO\/PKG-INFO|[^/]+\.dist-info\/METADATA|[^/]+\.egg-info\/PKG-INFO)$/.test(name))
    .slice(0, MOST_DISTRIBUTIONS)
    .flatMap((entry) => oneDistribution(archive, entry, tell));
}

/** Distributions in one zip; there is one in a wheel, a few in an application of zipapp's. */
const MOST_DISTRIBUTIONS = 1_000;

function oneDistribution(archive: OpenArchive, entry: OpenArchive['entries'][number], tell: (message: string) => void): ZippedDistribution[] {
  const content = archive.read(entry, MOST_METADATA_BYTES);
  if (content instanceof Fault) {
    tell(`The entry ${entry.name} ${content.reason}.`);
    return [];
  }
  const draft = readDistribution(content.toString('utf8'));
  return draft === undefined ? [] : [{ within: `:${entry.name}`, draft }];
}
