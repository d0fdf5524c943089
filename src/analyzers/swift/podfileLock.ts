import * as z from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { LARGEST_YAML, readYaml, shaped } from '../packageFile/read.js';

/** Source: CocoaPods-Core, lockfile.rb. A pod is `Name (1.2.3)`, or that with the pods it needs; `Name/Part` is a subspec. */
const PodfileLock = z.object({
  PODS: z.array(z.union([z.string(), z.record(z.string(), z.array(z.string()))])).nullish(),
  'SPEC CHECKSUMS': z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).nullish(),
});

function parsePodfileLock(bytes: Buffer): readonly PackageDraft[] {
  const lock = shaped(PodfileLock, readYaml(bytes));
  const checksums = new Map(Object.entries(lock['SPEC CHECKSUMS'] ?? {}));
  const pods = (lock.PODS ?? []).flatMap((pod): [string, readonly string[]][] => (typeof pod === 'string' ? [[pod, []]] : Object.entries(pod)));
  return pods.flatMap(([text, needs]) => {
    const [, name, version] = /^(\S+) \((?:from .*|([^)]+))\)$/.exec(text) ?? [];
    if (name === undefined) return [];
    const [root = name, ...subspec] = name.split('/');
    const checksum = checksums.get(root);
    return [{
      name,
      version: version ?? '',
      purl: purlOf({ type: 'cocoapods', name: root, version: version ?? '', subpath: subspec.join('/') }),
      dependencies: needs.map((need) => need.split(' ', 1)[0] ?? need),
      metadata: checksum === undefined ? {} : { checksum },
    }];
  });
}

export const podfileLock = packageFileAnalyzer({
  name: 'cocoapods',
  description: 'Pods that a Podfile.lock names.',
  version: 1,
  type: 'cocoapods',
  limit: LARGEST_YAML,
  matches: (path) => baseName(path) === 'Podfile.lock',
  parse: parsePodfileLock,
});
