import type { Located } from '../analyzer.js';
import { installedPackage, type PackageDraft } from '../packageFile/draft.js';
import type { InstalledPackage } from '../package.js';
import type { PythonFact } from './fact.js';
import { absolutePath } from './record.js';

/** What the files of one .dist-info, .egg-info or EGG-INFO folder say together. */
interface InfoFolder {
  readonly folder: string;
  distribution?: { readonly location: string; readonly layer: number; readonly draft: PackageDraft };
  record?: readonly string[];
  installedFiles?: readonly string[];
  topLevel?: readonly string[];
}

/** Puts together the installed distributions, each from the files of its folder that are still visible. */
export function installedDistributions(facts: readonly Located<PythonFact>[]): InstalledPackage[] {
  const folders = new Map<string, InfoFolder>();
  for (const located of facts) add(located, folders);
  return [...folders.values()].flatMap(ofFolder);
}

/** A metadata file that is no folder's (`X.egg-info` as a file) is a folder of its own here. */
function add({ path, layer, fact }: Located<PythonFact>, folders: Map<string, InfoFolder>): void {
  if (fact.kind === 'zip' || fact.kind === 'locked') return;
  const folder = path.endsWith('.egg-info') ? path : path.slice(0, path.lastIndexOf('/'));
  const info = folders.get(folder) ?? { folder };
  folders.set(folder, info);
  switch (fact.kind) {
    case 'distribution':
      // importlib.metadata reads METADATA first, PKG-INFO only where there is none
      if (info.distribution === undefined || path.endsWith('/METADATA')) info.distribution = { location: path, layer, draft: fact.draft };
      break;
    case 'record': info.record = fact.paths; break;
    case 'installed-files': info.installedFiles = fact.paths; break;
    case 'top-level': info.topLevel = fact.names; break;
  }
}

function ofFolder({ folder, distribution, record, installedFiles, topLevel }: InfoFolder): InstalledPackage[] {
  if (distribution === undefined) return [];
  const { draft, location, layer } = distribution;
  const site = folder.slice(0, folder.lastIndexOf('/'));
  const files = record?.map((path) => absolutePath(site, path)) ?? installedFiles?.map((path) => absolutePath(folder, path)) ?? [];
  const metadata = { ...draft.metadata, sitePackages: site, ...(topLevel === undefined ? {} : { topLevel: topLevel.join(' ') }) };
  return [installedPackage('python', { ...draft, files, metadata }, location, layer)];
}

/** The distributions within zips: eggs that run as they are, wheels that wait to be installed. */
export function zippedDistributions(facts: readonly Located<PythonFact>[]): InstalledPackage[] {
  return facts.flatMap(({ path, layer, fact }) => (fact.kind !== 'zip' ? [] : fact.distributions.map(({ within, draft }) => {
    const metadata = { ...draft.metadata, sitePackages: path.slice(0, path.lastIndexOf('/')) };
    return installedPackage('python', { ...draft, metadata }, path + within, layer);
  })));
}
