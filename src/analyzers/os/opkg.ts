import type { Analyzer, Tell } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import { tellDeleted } from './deleted.js';
import { dependencyNames } from './dependencies.js';
import { distroOf, type Distro } from './distro.js';
import { readPathList } from './dpkg/info.js';
import { firstLayers, packageKey } from './first-layers.js';
import { InfoFiles } from './info-files.js';
import { osPackage, packageFile, plausible, type Place } from './os-package.js';
import { textOf } from './paths.js';
import { readStatus, type StatusRecord } from './status.js';

export type OpkgFact =
  | { readonly kind: 'status'; readonly packages: readonly StatusRecord[] }
  | { readonly kind: 'control'; readonly packages: readonly StatusRecord[] }
  | { readonly kind: 'paths'; readonly paths: readonly string[] };

/** OpenWrt has it below /usr/lib, Yocto below /var/lib. */
const FILE = /^(?:usr|var)\/lib\/opkg\/(?:(status)|info\/[^/]+\.(control|list))$/;

/** The status of a router has some 100 kB. */
const LONGEST_FILE = 16 * 1024 * 1024;

/** Packages of OpenWrt (before it took apk) and of Yocto's small systems: dpkg's formats, smaller. */
export const opkg: Analyzer<OpkgFact> = {
  name: 'opkg',
  description: 'Packages of OpenWrt and Yocto, with the files they own.',
  version: 2,
  wants: ({ path }) => (FILE.test(path) ? { limit: LONGEST_FILE, beyond: 'problem' } : 'nothing'),
  analyze: ({ path }, bytes, tell) => factOf(FILE.exec(path)?.[2], textOf(bytes), tell),
  packages(view) {
    tellDeleted(view, (fact) => (fact.kind === 'status' ? fact.packages.length : 0));
    const first = firstLayers(view, ({ fact }) => (fact.kind === 'status' ? fact.packages.map(packageKey) : []));
    const distro = distroOf(view);
    const files = new InfoFiles(view);
    return [...view.facts()].flatMap(({ path, layer, fact }) => {
      if (fact.kind !== 'status') return [];
      const folder = path.replace(/status$/, 'info');
      const records = plausible(fact.packages, path, view).map((record) => completed(record, files.take(folder, record, 'control')));
      const dependenciesOf = dependencyNames(records);
      return records.map((record) => {
        const paths = files.take(folder, record, 'list');
        const owned = paths?.kind === 'paths' ? paths.paths : [];
        return installed(record, dependenciesOf(record), owned, { location: path, layer: first.get(packageKey(record)) ?? layer }, distro);
      });
    });
  },
};

function factOf(extension: string | undefined, text: string, tell: Tell): OpkgFact {
  if (extension === 'list') return { kind: 'paths', paths: readPathList(text) };
  if (extension === 'control') return { kind: 'control', packages: readStatus(text, 'installed', tell) };
  return { kind: 'status', packages: readStatus(text, 'absent', tell) };
}

/** A status says which packages are installed; their control files say more of them. */
function completed(record: StatusRecord, fact: OpkgFact | undefined): StatusRecord {
  const control = fact?.kind === 'control' ? fact.packages.find(({ name }) => name === record.name) : undefined;
  if (control === undefined) return record;
  return {
    ...record,
    architecture: record.architecture || control.architecture,
    // without a Source field the source is the package itself; OpenWrt names its folder: `feeds/base/package/libs/ubus`
    source: control.source.name === control.name ? record.source : { ...control.source, name: control.source.name.replace(/^.*\//, '') },
    maintainer: record.maintainer || control.maintainer,
    installedSize: record.installedSize ?? control.installedSize,
    license: record.license || control.license,
    homepage: record.homepage || control.homepage,
  };
}

function installed(record: StatusRecord, dependencies: readonly string[], files: readonly string[], place: Place, distro: Distro): InstalledPackage {
  const { name, version, architecture, source, license, installedSize, homepage, maintainer, conffiles } = record;
  return osPackage('opkg', {
    name, version, architecture, source, dependencies, files,
    purl: { type: 'opkg', namespace: distro.id, qualifiers: { upstream: source.name === name ? '' : source.name } },
    licenses: license === '' ? [] : [license],
    origin: maintainer,
    ...(installedSize === null ? {} : { size: installedSize }),
    metadata: homepage === '' ? {} : { homepage },
    verification: conffiles.map(([path, digest]) =>
      packageFile(path, { digest: digest || null, digestAlgorithm: digest.length === 64 ? 'sha256' : 'md5', conffile: true })),
  }, place, distro);
}
