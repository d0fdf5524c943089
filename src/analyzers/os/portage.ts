import type { Analyzer } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import { dependencyNames, type Relations } from './dependencies.js';
import { distroOf, type Distro } from './distro.js';
import { packageFolders, type PackageFolder } from './folders.js';
import { osPackage, packageFile, plausible } from './os-package.js';
import { textOf } from './paths.js';
import { atomName, namesOf, packageOfFolder, readContents, type ContentsRow } from './portage/read.js';

export type PortageFact = { readonly kind: 'contents'; readonly rows: readonly ContentsRow[] } | { readonly kind: 'text'; readonly text: string };

const FILE = /^var\/db\/pkg\/[^/]+\/[^/]+\/(CONTENTS|LICENSE|SIZE|RDEPEND|HOMEPAGE|CHOST|repository)$/;

/** The files of a kernel's sources are listed in some 10 MB. */
const LONGEST_FILE = 64 * 1024 * 1024;

interface PortageRecord extends Relations {
  readonly version: string;
  readonly folder: PackageFolder<PortageFact>;
  said(file: string): string;
}

/** Packages of Gentoo: a folder each, one value a file. */
export const portage: Analyzer<PortageFact> = {
  name: 'portage',
  description: 'Packages of Gentoo, with the files they own and their digests.',
  version: 1,
  wants: ({ path }) => (FILE.test(path) ? { limit: LONGEST_FILE, beyond: 'problem' } : 'nothing'),
  analyze({ path }, bytes) {
    const text = textOf(bytes);
    return path.endsWith('/CONTENTS') ? { kind: 'contents', rows: readContents(text) } : { kind: 'text', text: text.trim() };
  },
  packages(view) {
    const distro = distroOf(view);
    const records = packageFolders(view, 'CONTENTS').map(recordOf).flatMap((record) => plausible([record], `${record.folder.path}/CONTENTS`, view));
    const dependenciesOf = dependencyNames(records);
    return records.map((record) => installed(record, dependenciesOf(record), distro));
  },
};

function recordOf(folder: PackageFolder<PortageFact>): PortageRecord {
  const said = (file: string): string => {
    const fact = folder.facts.get(file);
    return fact?.kind === 'text' ? fact.text : '';
  };
  const { category, name, version } = packageOfFolder(folder.path) ?? { category: '', name: '', version: '' };
  return { folder, said, version, name: name === '' ? '' : `${category}/${name}`, needs: namesOf(said('RDEPEND')).map(atomName), provides: [] };
}

function installed(record: PortageRecord, dependencies: readonly string[], distro: Distro): InstalledPackage {
  const { name, version, folder, said } = record;
  const contents = folder.facts.get('CONTENTS');
  const rows = contents?.kind === 'contents' ? contents.rows : [];
  const size = said('SIZE');
  const homepage = said('HOMEPAGE').split(/\s+/, 1)[0] ?? '';
  return osPackage('portage', {
    name, version, dependencies,
    architecture: said('CHOST').split('-', 1)[0] ?? '',
    purl: { type: 'ebuild', namespace: '' },
    licenses: namesOf(said('LICENSE')),
    origin: said('repository'),
    ...(/^\d{1,15}$/.test(size) ? { size: Number(size) } : {}),
    files: rows.map(([path]) => path),
    metadata: homepage === '' ? {} : { homepage },
    verification: rows.filter(([, md5]) => md5 !== '').map(([path, digest]) => packageFile(path, { digest, digestAlgorithm: 'md5' })),
  }, { location: `${folder.path}/CONTENTS`, layer: folder.layer }, distro);
}
