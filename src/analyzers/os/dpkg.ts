import type { FlattenedImage } from '../../image/image.js';
import type { Analyzer, ImageView, Tell } from '../analyzer.js';
import type { InstalledPackage, PackageFile } from '../package.js';
import { tellDeleted } from './deleted.js';
import { dependencyNames } from './dependencies.js';
import { distroOf, type Distro } from './distro.js';
import { copyrightLicenses } from './dpkg/copyright.js';
import { readDiversions, readMd5sums, readPathList, type Diversion } from './dpkg/info.js';
import { InfoFiles } from './info-files.js';
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
const INFO = `/${FOLDER}/info`;

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
  version: 2,
  wants({ path }) {
    if (readerOf(path) === undefined) return 'nothing';
    return { limit: path.endsWith('/copyright') ? LONGEST_COPYRIGHT : LONGEST_DATABASE, beyond: 'problem' };
  },
  analyze: ({ path }, bytes, tell) => readerOf(path)?.(textOf(bytes), tell),
  packages(view) {
    tellDeleted(view, (fact) => (fact.kind === 'status' ? fact.packages.length : 0));
    const files = new DpkgFiles(view);
    const first = firstLayers(view, ({ fact }) => (fact.kind === 'status' ? fact.packages.map(packageKey) : []));
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

/** Finds what dpkg's other files say of a package. */
class DpkgFiles {
  readonly #image: FlattenedImage;
  readonly #info: InfoFiles<DpkgFact>;
  readonly #licenses = new Map<string, readonly string[]>();
  readonly #diversions = new Map<string, Diversion>();

  constructor(view: ImageView<DpkgFact>) {
    this.#image = view.image.flattened;
    this.#info = new InfoFiles(view);
    for (const { path, fact } of view.facts()) {
      if (fact.kind === 'copyright') this.#licenses.set(path, fact.licenses);
      else if (fact.kind === 'diversions') for (const diversion of fact.diversions) this.#diversions.set(diversion.from, diversion);
    }
  }

  digests(record: StatusRecord, location: string): readonly (readonly [string, string])[] {
    // distroless keeps them beside the file that states the package, under that file's name
    const fact = location === `/${STATUS}` ? this.#info.take(INFO, record, 'md5sums') : this.#info.takeFile(`${location}.md5sums`);
    return fact?.kind === 'md5sums' ? fact.digests : [];
  }

  /** Those that `info` lists and status has, with the digest of status; images without `info` have those of status alone. */
  conffiles(record: StatusRecord): readonly (readonly [string, string])[] {
    const fact = this.#info.take(INFO, record, 'conffiles');
    if (fact?.kind !== 'paths') return record.conffiles;
    const digests = new Map(record.conffiles);
    return fact.paths.flatMap((path) => (digests.has(path) ? [[path, digests.get(path) ?? ''] as const] : []));
  }

  list(record: StatusRecord): readonly string[] | undefined {
    const fact = this.#info.take(INFO, record, 'list');
    return fact?.kind === 'paths' ? fact.paths : undefined;
  }

  /** `/usr/share/doc/NAME` is often a link to another package's. */
  licenses(name: string): readonly string[] {
    const node = nodeAt(this.#image, `/usr/share/doc/${name}/copyright`);
    return this.#licenses.get(node?.path ?? '') ?? [];
  }

  /** Where a package's file is, when another package diverted its name. */
  diverted(path: string, name: string): string {
    const diversion = this.#diversions.get(path);
    return diversion === undefined || diversion.by === name ? path : diversion.to;
  }
}
