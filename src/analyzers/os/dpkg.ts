import type { Analyzer, ImageView, Tell } from '../analyzer.js';
import type { InstalledPackage, PackageFile } from '../package.js';
import { dependencyNames } from './dependencies.js';
import { distroOf, type Distro } from './distro.js';
import { copyrightLicenses } from './dpkg/copyright.js';
import { readDiversions, readMd5sums, readPathList, type Diversion } from './dpkg/info.js';
import { firstLayers, packageKey } from './first-layers.js';
import { nodeAt } from './links.js';
import { osPackage, packageFile, plausible } from './os-package.js';
import { textOf } from './paths.js';
import { readStatus, type StatusRecord } from './status.js';

/** A fact of one of dpkg's files, by the kind of file. */
export type DpkgFact =
  | { readonly kind: 'status'; readonly packages: readonly StatusRecord[] }
  | { readonly kind: 'md5sums'; readonly digests: readonly (readonly [path: string, digest: string])[] }
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'diversions'; readonly diversions: readonly Diversion[] }
  | { readonly kind: 'copyright'; readonly licenses: readonly string[] };

const FOLDER = 'var/lib/dpkg';
const STATUS = `${FOLDER}/status`;

/** A status of 10,000 packages has some 15 MB; a `.list` of a large documentation package some 5 MB. */
const LONGEST_DATABASE = 128 * 1024 * 1024;
/** The longest copyright files (of browsers, office suites) have some 3 MB. */
const LONGEST_COPYRIGHT = 8 * 1024 * 1024;

type Read = (text: string, tell: Tell) => DpkgFact;

/** How a file is read, by its path; undefined for all that is not dpkg's. */
function readerOf(path: string): Read | undefined {
  if (path.startsWith('usr/share/doc/')) return path.endsWith('/copyright') ? (text) => ({ kind: 'copyright', licenses: copyrightLicenses(text) }) : undefined;
  if (!path.startsWith(`${FOLDER}/`)) return undefined;
  if (path === STATUS) return (text, tell) => ({ kind: 'status', packages: readStatus(text, 'absent', tell) });
  if (path === `${FOLDER}/diversions`) return (text) => ({ kind: 'diversions', diversions: readDiversions(text) });
  const [, folder, extension] = /^var\/lib\/dpkg\/(info|status\.d)\/[^/]+?(?:\.(md5sums|conffiles|list))?$/.exec(path) ?? [];
  if (extension === 'md5sums') return (text) => ({ kind: 'md5sums', digests: readMd5sums(text) });
  if (extension !== undefined) return (text) => ({ kind: 'paths', paths: readPathList(text) });
  return folder === 'status.d' ? (text, tell) => ({ kind: 'status', packages: readStatus(text, 'installed', tell) }) : undefined;
}

/** Debian's packages: the status file, or one file a package in distroless images (`status.d`). */
export const dpkg: Analyzer<DpkgFact> = {
  name: 'dpkg',
  description: 'Packages of Debian, Ubuntu and distroless images, with the files they own, their digests and licences.',
  version: 1,
  wants({ path }) {
    if (readerOf(path) === undefined) return 'nothing';
    return { limit: path.endsWith('/copyright') ? LONGEST_COPYRIGHT : LONGEST_DATABASE, beyond: 'problem' };
  },
  analyze: ({ path }, bytes, tell) => readerOf(path)?.(textOf(bytes), tell),
  packages(view) {
    const files = new DpkgFiles(view);
    const first = firstLayers(view, (fact) => (fact.kind === 'status' ? fact.packages.map(packageKey) : []));
    const distro = distroOf(view);
    const stated = [...view.facts()].flatMap(({ path, layer, fact }) =>
      fact.kind === 'status' ? plausible(lastOfEach(fact.packages), path, view).map((record) => ({ record, location: path, layer })) : []);
    const dependenciesOf = dependencyNames(stated.map(({ record }) => record));
    return stated.map(({ record, location, layer }) => {
      const place = { location, layer: first.get(packageKey(record)) ?? layer };
      return installed(record, dependenciesOf(record), place, files, distro);
    });
  },
};

/** dpkg has one package of a name and architecture; of two that a status states it believes the last. */
function lastOfEach(records: readonly StatusRecord[]): StatusRecord[] {
  return [...new Map(records.map((record) => [`${record.name}:${record.architecture}`, record])).values()];
}

function installed(
  record: StatusRecord, dependencies: readonly string[], place: { location: string; layer: number }, files: DpkgFiles, distro: Distro,
): InstalledPackage {
  const { name, version, architecture, source } = record;
  const digests = files.digests(record, place.location);
  const conffiles = files.conffiles(record);
  const listed = files.list(record) ?? [...digests.map(([path]) => path), ...conffiles.map(([path]) => path)];
  return osPackage('dpkg', {
    name, version, architecture, source, dependencies,
    purl: { type: 'deb', namespace: distro.id || 'debian', qualifiers: { upstream: upstream(record) } },
    licenses: files.licenses(name),
    origin: record.maintainer,
    ...(record.installedSize === null ? {} : { size: record.installedSize * 1024 }),
    files: listed.map((path) => files.diverted(path, name)),
    metadata: record.homepage === '' ? {} : { homepage: record.homepage },
    verification: [
      ...digests.map(([path, digest]) => md5Record(files.diverted(path, name), digest, false)),
      ...conffiles.map(([path, digest]) => md5Record(files.diverted(path, name), digest, true)),
    ],
  }, place, distro);
}

function md5Record(path: string, digest: string, conffile: boolean): PackageFile {
  return packageFile(path, { digest: digest === '' ? null : digest, digestAlgorithm: 'md5', conffile });
}

/** The source package, where it is not called or not numbered like the package: `util-linux@2.41.5-0`. */
function upstream({ name, version, source }: StatusRecord): string {
  if (source.version !== version) return `${source.name}@${source.version}`;
  return source.name === name ? '' : source.name;
}

/** Finds what dpkg's other files say of a package. Each is of one package alone: a status that names one twice gets it once. */
class DpkgFiles {
  readonly #view: ImageView<DpkgFact>;
  readonly #taken = new Set<DpkgFact>();
  readonly #facts = new Map<string, DpkgFact>();
  readonly #diversions = new Map<string, Diversion>();

  constructor(view: ImageView<DpkgFact>) {
    this.#view = view;
    for (const { path, fact } of view.facts()) {
      this.#facts.set(path, fact);
      if (fact.kind === 'diversions') for (const diversion of fact.diversions) this.#diversions.set(diversion.from, diversion);
    }
  }

  digests(record: StatusRecord, location: string): readonly (readonly [string, string])[] {
    // distroless keeps them beside the file that states the package, under that file's name
    const fact = location === `/${STATUS}` ? this.#info(record, 'md5sums') : this.#take(`${location}.md5sums`);
    return fact?.kind === 'md5sums' ? fact.digests : [];
  }

  /** With the digest of status; without one where status does not say. Images without `info` have those of status alone. */
  conffiles(record: StatusRecord): readonly (readonly [string, string])[] {
    const fact = this.#info(record, 'conffiles');
    if (fact?.kind !== 'paths') return record.conffiles;
    const digests = new Map(record.conffiles);
    return fact.paths.map((path) => [path, digests.get(path) ?? '']);
  }

  list(record: StatusRecord): readonly string[] | undefined {
    const fact = this.#info(record, 'list');
    return fact?.kind === 'paths' ? fact.paths : undefined;
  }

  /** `/usr/share/doc/NAME` is often a link to another package's. */
  licenses(name: string): readonly string[] {
    const node = nodeAt(this.#view.image.flattened, `/usr/share/doc/${name}/copyright`);
    const fact = node === undefined ? undefined : this.#facts.get(node.path);
    return fact?.kind === 'copyright' ? fact.licenses : [];
  }

  /** Where a package's file is, when another package diverted its name. */
  diverted(path: string, name: string): string {
    const diversion = this.#diversions.get(path);
    return diversion === undefined || diversion.by === name ? path : diversion.to;
  }

  /** Files of packages that may be installed for several architectures at once have the architecture in their names. */
  #info({ name, architecture }: StatusRecord, extension: string): DpkgFact | undefined {
    return this.#take(`/${FOLDER}/info/${name}:${architecture}.${extension}`) ?? this.#take(`/${FOLDER}/info/${name}.${extension}`);
  }

  #take(path: string): DpkgFact | undefined {
    const fact = this.#facts.get(path);
    if (fact === undefined || this.#taken.has(fact)) return undefined;
    this.#taken.add(fact);
    return fact;
  }
}
