import type { Analyzer } from '../analyzer.js';
import { installedPackage } from '../packageFile/draft.js';
import type { InstalledPackage } from '../package.js';
import { readJavaArchive } from './archive.js';
import { isJavaArchive } from './extension.js';
import type { JavaFact } from './fact.js';
import { isArchivePath, namedByRepository, repositoryNames } from './repository.js';
import { readRuntime } from './runtime.js';

/** Bytes of an archive: it is held in memory as a whole, since a zip is read from its end. */
const MOST_ARCHIVE_BYTES = 512 * 1024 * 1024;

/** Bytes of a `release` file: a JDK's has 1.5 kB. */
const MOST_RELEASE_BYTES = 64 * 1024;

/** Java archives (`java`) and the run times that run them (`binary`). */
export const javaAnalyzer: Analyzer<JavaFact> = {
  name: 'java',
  description: 'Java archives (jar, war, ear, Jenkins plugins …), what is nested in and shaded into them, and Java run times',
  version: 2,
  wants(entry, head) {
    if (entry.size === 0) return 'nothing';
    if (isJavaArchive(entry.path, head)) return { limit: MOST_ARCHIVE_BYTES, beyond: 'problem' };
    return isRelease(entry.path) ? { limit: MOST_RELEASE_BYTES, beyond: 'skip' } : 'nothing';
  },
  analyze(entry, bytes, tell) {
    if (isRelease(entry.path)) {
      const draft = readRuntime(bytes.toString('utf8'), `/${entry.path}`);
      return draft === undefined ? undefined : { kind: 'runtime', draft };
    }
    const packages = readJavaArchive(entry.path, bytes, tell);
    return packages.length === 0 ? undefined : { kind: 'archive', packages };
  },
  goesThrough: isArchivePath,
  packages(view) {
    const packages: InstalledPackage[] = [];
    const names = repositoryNames(view.image.flattened);
    for (const { path, layer, fact } of view.facts()) {
      if (fact.kind === 'runtime') packages.push(installedPackage('binary', fact.draft, path, layer));
      else for (const { within, draft } of fact.packages) {
        const named = within === '' ? namedByRepository(draft, names.get(path) ?? []) : draft;
        packages.push(installedPackage('java', named, path + within, layer));
      }
    }
    return packages;
  },
};

/** `/opt/java/openjdk/release`, `/usr/lib/jvm/x/jre/release`; any file of that name is looked at, few are. */
function isRelease(path: string): boolean {
  return path.endsWith('/release');
}
