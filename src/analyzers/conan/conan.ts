import * as z from 'zod';
import { baseName, folderOf, packageFileAnalyzer } from '../packageFile/analyzer.js';
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

function parseConanLock(bytes: Buffer): readonly PackageDraft[] {
  return shaped(Lock, readJson(bytes)).flatMap(referenceDraft);
}

/** Section `full_requires` names what a package was built with; the package itself is in the path of Conan 1's cache. */
function parseConanInfo(bytes: Buffer, path: string): readonly PackageDraft[] {
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

/** `[requires]` of a conanfile.txt where no lock file says better; ranges (`zlib/[>1.2]`) pin nothing. */
function parseConanfile(bytes: Buffer): readonly PackageDraft[] {
  let section = '';
  return readText(bytes).split('\n').flatMap((line) => {
    const heading = /^\s{0,8}\[(\w+)\]/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    const reference = line.replace(/\s?#(?:\s.*)?$/, '').trim();
    return heading === undefined && section === 'requires' && !reference.includes('[') ? referenceDraft(reference) : [];
  });
}

const READERS: ReadonlyMap<string, (bytes: Buffer, path: string) => readonly PackageDraft[]> = new Map([
  ['conan.lock', parseConanLock], ['conaninfo.txt', parseConanInfo], ['conanfile.txt', parseConanfile],
]);

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
  description: 'C and C++ packages of Conan (conan.lock, conaninfo.txt, conanfile.txt).',
  version: 2,
  type: 'conan',
  limit: 8 * 1024 * 1024,
  matches: (path) => READERS.has(baseName(path)),
  parse: (bytes, path) => READERS.get(baseName(path))?.(bytes, path) ?? [],
  choose(packages) {
    const locked = new Set(packages.filter(({ location }) => location.endsWith('/conan.lock')).map(({ location }) => folderOf(location)));
    return packages.filter(({ location }) => !location.endsWith('/conanfile.txt') || !locked.has(folderOf(location)));
  },
});
