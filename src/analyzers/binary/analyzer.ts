import type { Analyzer, FactSink } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import { baseName } from '../packageFile/analyzer.js';
import { installedPackage, purlOf, type PackageDraft } from '../packageFile/draft.js';
import type { Classifier } from './classifier.js';
import { JAVA, RUNTIMES } from './runtimes.js';
import { VersionScan } from './scan.js';
import { SERVERS } from './servers.js';
import { TOOLS } from './tools.js';

/** In each group the first classifier whose version is found speaks for the file; groups speak side by side. */
const GROUPS: readonly (readonly Classifier[])[] = [JAVA, ...[...RUNTIMES, ...SERVERS, ...TOOLS].map((classifier) => [classifier])];
const BY_NAME = new Map<string, (readonly Classifier[])[]>();
const BY_PATTERN: (readonly Classifier[])[] = [];
for (const group of GROUPS) {
  const { file } = group[0] as Classifier;
  if (typeof file === 'string') BY_NAME.set(file, [...(BY_NAME.get(file) ?? []), group]);
  else BY_PATTERN.push(group);
}

const JAVA_LAUNCHER = /(?:\/jre)?\/bin\/(?:java|jdb)$/;

/** The classifiers that a path (without a leading slash) calls for, by groups. */
export function classifiersOf(path: string): readonly (readonly Classifier[])[] {
  const name = baseName(path);
  const groups = [...(BY_NAME.get(name) ?? []), ...BY_PATTERN.filter((group) => matchesName(group[0] as Classifier, name))];
  return groups.map((group) => group.filter(({ path: pattern }) => pattern?.test(path) ?? true)).filter((group) => group.length > 0);
}

function matchesName({ file }: Classifier, name: string): boolean {
  return typeof file === 'string' ? file === name : file.test(name);
}

/** Reads one file for all classifiers that its path calls for. */
export class BinarySink implements FactSink<readonly PackageDraft[]> {
  private readonly groups: readonly (readonly { readonly classifier: Classifier; readonly scan: VersionScan; readonly required: VersionScan | undefined }[])[];

  constructor(path: string) {
    this.groups = classifiersOf(path).map((group) => group.map((classifier) => ({
      classifier,
      scan: new VersionScan(classifier.versions),
      // What must be there as well is looked for like a version.
      required: classifier.requires === undefined ? undefined : new VersionScan([{ literal: classifier.requires, expression: /(?<version>)/, before: 0, after: 1 }]),
    })));
  }

  write(chunk: Buffer): void {
    for (const { scan, required } of this.groups.flat()) {
      scan.write(chunk);
      required?.write(chunk);
    }
  }

  end(): readonly PackageDraft[] | undefined {
    const drafts = this.groups.flatMap((group) => {
      for (const { classifier, scan, required } of group) {
        const version = scan.end();
        if (version !== undefined && (required === undefined || required.end() !== undefined)) return [draftOf(classifier, version)];
      }
      return [];
    });
    return drafts.length === 0 ? undefined : drafts;
  }
}

function draftOf({ product, purl, cpes }: Classifier, version: string): PackageDraft {
  const [type = 'generic', ...namespace] = purl.split('/');
  return {
    name: product,
    version,
    purl: purlOf({ type, namespace: namespace.join('/'), name: product, version: type === 'golang' ? `v${version}` : version }),
    metadata: cpes.length === 0 ? {} : { cpe: cpes.map((cpe) => `cpe:2.3:${cpe}:${version}:*:*:*:*:*:*:*`).join(' ') },
  };
}

export const binaries: Analyzer<readonly PackageDraft[]> = {
  name: 'binaries',
  description: 'Programs built from source (node, python, nginx, redis …), by the version in their bytes.',
  version: 2,
  wants: (entry) => (entry.size > 0 && classifiersOf(entry.path).length > 0 ? 'stream' : 'nothing'),
  open: (entry) => new BinarySink(entry.path),
  packages(view) {
    const packages: InstalledPackage[] = [];
    // A file under several names (perl, perl5.36.0) is one installation.
    const seen = new Set<unknown>();
    for (const { path, layer, fact } of view.facts()) {
      if (seen.has(fact)) continue;
      seen.add(fact);
      // A Java run time's own `release` file says more than its launcher.
      if (JAVA_LAUNCHER.test(path) && view.image.flattened.nodes.has(path.replace(JAVA_LAUNCHER, '/release'))) continue;
      packages.push(...fact.map((draft) => installedPackage('binary', draft, path, layer)));
    }
    return packages;
  },
};
