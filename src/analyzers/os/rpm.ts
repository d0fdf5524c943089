import type { Analyzer, ImageView, Located } from '../analyzer.js';
import type { InstalledPackage, PackageFile } from '../package.js';
import { onlySaid } from '../packageFile/draft.js';
import { tellDeleted } from './deleted.js';
import { dependencyNames } from './dependencies.js';
import { distroOf, type Distro } from './distro.js';
import { firstLayers, packageKey } from './first-layers.js';
import { osPackage, packageFile, plausible, type Place } from './os-package.js';
import { readManifest } from './rpm/manifest.js';
import { readRpmDatabase, type RpmFile, type RpmRecord } from './rpm/records.js';

/** Where rpm, SUSE's and Fedora's rpm, and rpm-ostree keep it; beside an SQLite one, changes that are not in it yet. */
const DATABASE = /^(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm\/(?:Packages|Packages\.db|rpmdb\.sqlite(-wal)?)$/;
/** One folder may hold a database of each kind when its rpm was changed; the newest kind is the one in use. */
const NEWEST_FIRST = ['rpmdb.sqlite', 'Packages.db', 'Packages'];
const MANIFEST = 'var/lib/rpmmanifest/container-manifest-2';

/** A server with 2,500 packages has some 150 MB; it is read at one go, within the memory of a scan. */
const LARGEST_DATABASE = 192 * 1024 * 1024;

/** RPMFILE_CONFIG of rpm's lib/rpmfiles.h. */
const CONFIG = 1;

interface RpmPackages {
  readonly kind: 'packages';
  readonly packages: readonly RpmRecord[];
}

/** Packages of one file, or that there is a log of changes which are not in the database yet. */
export type RpmFact = RpmPackages | { readonly kind: 'log' };

/** Packages of Red Hat's, SUSE's, Amazon's, Oracle's and Microsoft's distributions. */
export const rpm: Analyzer<RpmFact> = {
  name: 'rpm',
  description: 'Packages of rpm (Berkeley DB, ndb, SQLite, distroless manifest), with the files they own and their digests.',
  version: 1,
  wants: ({ path }) => (path === MANIFEST || DATABASE.test(path) ? { limit: LARGEST_DATABASE, beyond: 'problem' } : 'nothing'),
  analyze({ path }, bytes, tell) {
    if (DATABASE.exec(path)?.[1] !== undefined) return bytes.length > 0 ? { kind: 'log' } : undefined;
    return { kind: 'packages', packages: path === MANIFEST ? readManifest(bytes.toString()) : readRpmDatabase(bytes, tell) };
  },
  packages(view) {
    tellDeleted(view, (fact) => (fact.kind === 'packages' ? fact.packages.length : 0));
    const first = firstLayers(view, ({ fact }) => (fact.kind === 'packages' ? fact.packages.map(packageKey) : []));
    const distro = distroOf(view);
    const found: InstalledPackage[] = [];
    for (const { path, layer, fact } of inUse(view)) {
      const records = plausible(fact.packages, path, view);
      const dependenciesOf = dependencyNames(records.map((record) => ({ ...record, files: record.files.map(([file]) => file) })));
      found.push(...records.map((record) =>
        installed(record, dependenciesOf({ ...record, files: [] }), { location: path, layer: first.get(packageKey(record)) ?? layer }, distro)));
    }
    return found;
  },
};

/** The databases that hold the image's packages; of what is left out the user is told. */
function inUse(view: ImageView<RpmFact>): Located<RpmPackages>[] {
  const folders = new Map<string, Located<RpmFact>[]>();
  for (const file of view.facts()) {
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders].flatMap(([folder, files]) => {
    const rank = ({ path }: Located<RpmFact>): number => NEWEST_FIRST.indexOf(path.slice(folder.length));
    const databases = files.filter(hasPackages).sort((a, b) => rank(a) - rank(b));
    for (const { path } of files.filter(({ fact }) => fact.kind === 'log')) {
      view.problem(path, 'This log holds changes to the database of rpm that are not read: packages may be missing.');
    }
    for (const { path } of databases.slice(1)) view.problem(path, `This database of rpm is not in use: ${databases[0]?.path} is the newer kind.`);
    return databases.slice(0, 1);
  });
}

function hasPackages(file: Located<RpmFact>): file is Located<RpmPackages> {
  return file.fact.kind === 'packages' && file.fact.packages.length > 0;
}

function installed(record: RpmRecord, dependencies: readonly string[], place: Place, distro: Distro): InstalledPackage {
  const { name, version, epoch, architecture, sourceRpm, modularity, url } = record;
  return osPackage('rpm', {
    name, version, architecture, dependencies,
    purl: {
      type: 'rpm',
      namespace: namespaceOf(distro),
      // the epoch of a package URL is a qualifier
      version: epoch === null ? version : version.slice(`${epoch}:`.length),
      qualifiers: { epoch: epoch === null ? '' : String(epoch), upstream: sourceRpm },
    },
    source: sourceOf(sourceRpm),
    licenses: record.license === '' ? [] : [record.license],
    origin: record.vendor,
    ...(record.size === null ? {} : { size: record.size }),
    files: record.files.map(([path]) => path),
    metadata: onlySaid({ sourceRpm, modularity, homepage: url }),
    verification: record.files.map((file) => verification(file, record.digestAlgorithm)),
  }, place, distro);
}

/** As package URLs name the vendor: purl-spec, types/rpm-definition. */
function namespaceOf({ id }: Distro): string {
  if (id === 'rhel') return 'redhat';
  return id.startsWith('opensuse') ? 'opensuse' : id;
}

/** `bash-4.4-19.6.1.src.rpm` is bash, 4.4-19.6.1. */
function sourceOf(sourceRpm: string): InstalledPackage['source'] {
  const [, name = '', version = ''] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(sourceRpm) ?? [];
  return { name, version };
}

function verification([path, mode, digest, user, group, size, flags]: RpmFile, digestAlgorithm: PackageFile['digestAlgorithm']): PackageFile {
  return packageFile(path, {
    digest: digest || null, digestAlgorithm, mode: mode.toString(8), user: user || null, group: group || null, size, conffile: (flags & CONFIG) !== 0,
  });
}
