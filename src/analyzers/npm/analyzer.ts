import type { Analyzer, Located, Tell } from '../analyzer.js';
import { nothingInstalledFrom } from '../notInstalled.js';
import { installedPackage, isPlausible, type PackageDraft } from '../packageFile/draft.js';
import { readJson, readOrTell, readText } from '../packageFile/read.js';
import type { InstalledPackage } from '../package.js';
import { readCacheZip, type ZippedPackage } from './cacheZip.js';
import { installingFolders, npmFileKind, type NpmFileKind } from './files.js';
import { readBunLock } from './lock/bunLock.js';
import { lockedDrafts, type Locked } from './lock/locked.js';
import { readPackageLock } from './lock/packageLock.js';
import { plainJson } from './lock/plainJson.js';
import { readPnpmLock } from './lock/pnpmLock.js';
import { readYarnLock } from './lock/yarnLock.js';
import { readPackageJson } from './packageJson.js';

/** What one file says: a package, the packages of a zip of Yarn's cache, or those that a lock file pins. */
export type NpmFact =
  | { readonly kind: 'installed'; readonly packages: readonly ZippedPackage[] }
  | { readonly kind: 'locked'; readonly drafts: readonly PackageDraft[] };

/** Bytes of a package.json: the largest on npm has some hundred kB. */
const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Bytes of a lock file: a monorepo of thousands of packages has 4 MB. */
const MOST_LOCK_BYTES = 8 * 1024 * 1024;
/** Bytes of a package in Yarn's cache. */
const MOST_ZIP_BYTES = 256 * 1024 * 1024;

/** Packages of npm, as node_modules, Yarn's cache or, where nothing is installed, a lock file states them. */
export const npmAnalyzer: Analyzer<NpmFact> = {
  name: 'npm',
  description: "npm packages by package.json (npm's, pnpm's and Yarn's layouts), and by lock files where there is no node_modules",
  version: 3,
  wants(entry) {
    const kind = entry.size === 0 ? undefined : npmFileKind(entry.path);
    return kind === undefined ? 'nothing' : { limit: limitOf(kind), beyond: 'problem' };
  },
  analyze(entry, bytes, tell) {
    const kind = npmFileKind(entry.path);
    return kind === undefined ? undefined : factOf(kind, entry.path, bytes, tell);
  },
  packages(view) {
    const facts = [...view.facts()];
    const installing = new Set(facts.flatMap(({ path }) => (path.endsWith('/package.json') ? installingFolders(path) : [])));
    // Plug'n'Play has no node_modules: Yarn's cache, wherever it is, shows whether a lock file was installed from
    const cached = new Set(facts.flatMap(({ fact }) => (fact.kind === 'installed' ? fact.packages.filter(({ within }) => within !== '').map(({ draft }) => draft.purl) : [])));
    return facts.flatMap((located) => packagesOf(located, installing, cached));
  },
};

function limitOf(kind: NpmFileKind): number {
  if (kind === 'manifest') return MOST_MANIFEST_BYTES;
  return kind === 'cache-zip' ? MOST_ZIP_BYTES : MOST_LOCK_BYTES;
}

function factOf(kind: NpmFileKind, path: string, bytes: Buffer, tell: Tell): NpmFact | undefined {
  return readOrTell(() => {
    if (kind === 'cache-zip') return installed(readCacheZip(bytes, tell));
    if (kind === 'manifest') return installed(manifestOf(path, bytes));
    const drafts = lockedDrafts(readLock(kind, bytes)).filter(isPlausible);
    return drafts.length === 0 ? undefined : { kind: 'locked', drafts };
  }, tell);
}

/** `left-pad`, `@scope/left-pad`; a folder's own file of options (`{"name": "left-pad/esm", "type": "module"}`) is no package. */
const PACKAGE_NAME = /^(?:@[^/@\s]+\/)?[^/@\s]+$/;

/**
 * A package that another has bundled often keeps its name, author and licence but no version (`next/dist/compiled/acorn`), and an
 * application's own needs none: it is published nowhere.
 */
function manifestOf(path: string, bytes: Buffer): ZippedPackage[] {
  const draft = readPackageJson(readJson(bytes));
  if (draft === undefined || !isPlausible(draft)) return [];
  const bundled = draft.version === '' && `/${path}`.includes('/node_modules/');
  return bundled && !PACKAGE_NAME.test(draft.name) ? [] : [{ within: '', draft }];
}

function installed(packages: readonly ZippedPackage[]): NpmFact | undefined {
  return packages.length === 0 ? undefined : { kind: 'installed', packages };
}

function readLock(kind: NpmFileKind, bytes: Buffer): Locked[] {
  switch (kind) {
    case 'package-lock': return readPackageLock(readJson(bytes));
    case 'yarn-lock': return readYarnLock(readText(bytes));
    case 'pnpm-lock': return readPnpmLock(readText(bytes));
    case 'bun-lock': return readBunLock(readJson(plainJson(bytes)));
    default: return [];
  }
}

function packagesOf({ path, layer, fact }: Located<NpmFact>, installing: ReadonlySet<string>, cached: ReadonlySet<string>): InstalledPackage[] {
  if (fact.kind === 'installed') return fact.packages.map(({ within, draft }) => installedPackage('npm', draft, path + within, layer));
  const folder = path.slice(0, path.lastIndexOf('/'));
  const isInstalled = installing.has(folder) || !nothingInstalledFrom(fact.drafts, cached);
  return isInstalled ? [] : fact.drafts.map((draft) => installedPackage('npm', draft, path, layer));
}

