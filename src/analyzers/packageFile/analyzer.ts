import type { Analyzer, ImageView, Tell } from '../analyzer.js';
import type { InstalledPackage, PackageType } from '../package.js';
import type { LayerEntry } from '../../image/layer.js';
import { installedPackage, isPlausible, type PackageDraft } from './draft.js';
import { readOrTell } from './read.js';

/** A kind of file that states packages, known by its path. */
export interface PackageFile {
  /** The analyzer's name. */
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly type: PackageType;
  /** Whether a file at this path (without a leading slash) is one. */
  matches(path: string, entry: LayerEntry): boolean;
  /** Bytes that the largest believable file has; a larger one is told as a problem. */
  readonly limit: number;
  /** Reads it, in linear time. Throws FormatError where it is not one; tells what it had to leave out. */
  parse(bytes: Buffer, path: string, tell: Tell): readonly PackageDraft[];
  /** Chooses among all that the image states, where files speak of each other; all, if it is left out. */
  choose?(packages: readonly InstalledPackage[], view: ImageView<readonly PackageDraft[]>): readonly InstalledPackage[];
}

/** Packages that one file may state: a lock file of a large application has some 5,000. */
const MOST_PACKAGES_IN_A_FILE = 100_000;

/** Makes an analyzer of a kind of file: one file, one fact, a list of drafts. */
export function packageFileAnalyzer(kind: PackageFile): Analyzer<readonly PackageDraft[]> {
  return {
    name: kind.name,
    description: kind.description,
    version: kind.version,
    wants: (entry) => (entry.size > 0 && kind.matches(entry.path, entry) ? { limit: kind.limit, beyond: 'problem' } : 'nothing'),
    analyze(entry, bytes, tell) {
      const drafts = draftsOf(kind, entry, bytes, tell);
      return drafts.length === 0 ? undefined : drafts;
    },
    packages(view) {
      const packages: InstalledPackage[] = [];
      for (const { path, layer, fact } of view.facts()) {
        for (const draft of fact) packages.push(installedPackage(kind.type, draft, path, layer));
      }
      return kind.choose === undefined ? packages : kind.choose(packages, view);
    },
  };
}

function draftsOf(kind: PackageFile, entry: LayerEntry, bytes: Buffer, tell: Tell): readonly PackageDraft[] {
  const drafts = readOrTell(() => kind.parse(bytes, entry.path, tell), tell) ?? [];
  const plausible = drafts.filter(isPlausible);
  if (plausible.length < drafts.length) tell(`${drafts.length - plausible.length} of ${drafts.length} packages have no believable name or version and are left out.`);
  if (plausible.length > MOST_PACKAGES_IN_A_FILE) tell(`Only the first ${MOST_PACKAGES_IN_A_FILE} of ${plausible.length} packages are listed.`);
  return plausible.slice(0, MOST_PACKAGES_IN_A_FILE);
}

/** The last segment of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path, without a trailing slash. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
