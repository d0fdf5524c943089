import type { Analyzer, Tell } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import { dependencyNames, type Relations } from './dependencies.js';
import { distroOf, type Distro } from './distro.js';
import { packageFolders, type PackageFolder } from './folders.js';
import { osPackage, packageFile, plausible } from './os-package.js';
import { readBlocks, readMtree, type Blocks, type MtreeFile } from './pacman/read.js';
import { textOf } from './paths.js';

export type PacmanFact = { readonly kind: 'blocks'; readonly blocks: Blocks } | { readonly kind: 'mtree'; readonly files: readonly MtreeFile[] };

const FILE = /^var\/lib\/pacman\/local\/[^/]+\/(desc|files|mtree)$/;

/** The list of files of the largest packages (kernel headers, texlive) has some 10 MB. */
const LONGEST_FILE = 64 * 1024 * 1024;

/** What a folder of the database says. */
interface PacmanRecord extends Relations {
  readonly version: string;
  readonly folder: PackageFolder<PacmanFact>;
  said(key: string): string;
  all(key: string): readonly string[];
}

/** Packages of Arch Linux and its relatives: a folder each. */
export const pacman: Analyzer<PacmanFact> = {
  name: 'pacman',
  description: 'Packages of Arch Linux, with the files they own and their digests.',
  version: 1,
  wants: ({ path }) => (FILE.test(path) ? { limit: LONGEST_FILE, beyond: 'problem' } : 'nothing'),
  analyze: ({ path }, bytes, tell) => (path.endsWith('/mtree') ? mtreeFact(bytes, tell) : { kind: 'blocks', blocks: readBlocks(textOf(bytes)) }),
  packages(view) {
    const distro = distroOf(view);
    const records = packageFolders(view, 'desc').map(recordOf).flatMap((record) => plausible([record], `${record.folder.path}/desc`, view));
    const dependenciesOf = dependencyNames(records);
    return records.map((record) => installed(record, dependenciesOf(record), distro));
  },
};

function mtreeFact(bytes: Buffer, tell: Tell): PacmanFact | undefined {
  const files = readMtree(bytes);
  if (files === undefined) tell('This list of files with their digests cannot be unpacked.');
  return files === undefined ? undefined : { kind: 'mtree', files };
}

function recordOf(folder: PackageFolder<PacmanFact>): PacmanRecord {
  const blocksOf = (name: string): Blocks => {
    const fact = folder.facts.get(name);
    return fact?.kind === 'blocks' ? fact.blocks : {};
  };
  const desc = blocksOf('desc');
  const files = blocksOf('files');
  const all = (key: string): readonly string[] => desc[key] ?? files[key] ?? [];
  const said = (key: string): string => all(key)[0] ?? '';
  const names = (key: string): string[] => all(key).map((word) => /^[^<>=:]+/.exec(word)?.[0] ?? '').filter((word) => word !== '');
  return {
    folder, said, all, name: said('NAME'), version: said('VERSION'), needs: names('DEPENDS'), provides: names('PROVIDES'),
    files: all('FILES').map((path) => `/${path.replace(/\/$/, '')}`),
  };
}

function installed(record: PacmanRecord, dependencies: readonly string[], distro: Distro): InstalledPackage {
  const { name, version, folder, said, all, files = [] } = record;
  const base = said('BASE');
  const size = said('SIZE') || said('ISIZE');
  // BACKUP: `PATH<tab>MD5`, the files that the administrator may change
  const conffiles = new Map(all('BACKUP').map((row): [string, string] => {
    const [path = '', digest = ''] = row.split('\t');
    return [`/${path}`, digest];
  }));
  const mtree = folder.facts.get('mtree');
  return osPackage('pacman', {
    name, version, architecture: said('ARCH'), files, dependencies,
    purl: { type: 'alpm', namespace: distro.id || 'arch', qualifiers: { upstream: base } },
    source: base === '' ? { name: '', version: '' } : { name: base, version },
    licenses: all('LICENSE'),
    origin: said('PACKAGER'),
    ...(/^\d{1,15}$/.test(size) ? { size: Number(size) } : {}),
    metadata: said('URL') === '' ? {} : { homepage: said('URL') },
    verification: mtree?.kind === 'mtree'
      ? mtree.files.map((file) => packageFile(file.path, {
        digest: file.digest, digestAlgorithm: file.algorithm, mode: file.mode, user: file.uid, group: file.gid, size: file.size, conffile: conffiles.has(file.path),
      }))
      : [...conffiles].map(([path, digest]) => packageFile(path, { digest: digest || null, digestAlgorithm: 'md5', conffile: true })),
  }, { location: `${folder.path}/desc`, layer: folder.layer }, distro);
}
