import { z } from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readJson, readText, shaped } from '../packageFile/read.js';

/**
 * Conan's lock files (1: a graph of nodes, 2: lists of references) and conaninfo.txt of its package folders.
 * Source: Conan documentation, "Lockfiles"; conans/model/recipe_ref.py for `name/version@user/channel#revision%time`.
 */
const Lock = z.union([
  z.object({ graph_lock: z.object({ nodes: z.record(z.string(), z.object({ ref: z.string().nullish() })) }) })
    .transform(({ graph_lock: { nodes } }) => Object.values(nodes).map(({ ref }) => ref ?? '')),
  z.object({ requires: z.array(z.string()).nullish(), build_requires: z.array(z.string()).nullish(), python_requires: z.array(z.string()).nullish() })
    // What the build needed is not in the image.
    .transform(({ requires }) => requires ?? []),
]);

export function parseConanLock(bytes: Buffer): readonly PackageDraft[] {
  return shaped(Lock, readJson(bytes)).flatMap(referenceDraft);
}

/** Section `full_requires` names what a package was built with; the package itself is in the path of Conan 1's cache. */
export function parseConanInfo(bytes: Buffer, path: string): readonly PackageDraft[] {
  const own = /(?:^|\/)data\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\/package\/[^/]+\/conaninfo\.txt$/.exec(path);
  const references = own === null ? [] : [`${own[1]}/${own[2]}${own[3] === '_' ? '' : `@${own[3]}/${own[4]}`}`];
  let section = '';
  for (const line of readText(bytes).split('\n')) {
    const heading = /^\[([\w]+)\]/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    else if (section === 'full_requires' && line.trim() !== '') references.push(line.trim());
  }
  return references.flatMap(referenceDraft);
}

function referenceDraft(reference: string): readonly PackageDraft[] {
  const [, name, version, user = '', channel = '', revision] = /^([^/@#%:\s]+)\/([^/@#%:\s]+)(?:@([^/#%:\s]*)(?:\/([^/#%:\s]*))?)?(?:#([^%:\s]*))?/.exec(reference) ?? [];
  if (name === undefined || version === undefined) return [];
  const owned = user !== '' && user !== '_';
  return [{
    name,
    version,
    purl: purlOf({ type: 'conan', name, version, ...(owned ? { namespace: user, qualifiers: { channel } } : {}) }),
    metadata: { reference, ...(revision === undefined ? {} : { revision }) },
  }];
}

export const conan = packageFileAnalyzer({
  name: 'conan',
  description: 'C and C++ packages of Conan (conan.lock, conaninfo.txt).',
  version: 1,
  type: 'conan',
  limit: 8 * 1024 * 1024,
  matches: (path) => ['conan.lock', 'conaninfo.txt'].includes(baseName(path)),
  parse: (bytes, path) => (baseName(path) === 'conan.lock' ? parseConanLock(bytes) : parseConanInfo(bytes, path)),
});
