import type { Analyzer } from '../analyzer.js';
import type { InstalledPackage, PackageFile } from '../package.js';
import { readInstalled, type ApkRecord } from './apk/installed.js';
import { tellDeleted } from './deleted.js';
import { dependencyNames } from './dependencies.js';
import { distroOf, type Distro } from './distro.js';
import { firstLayers, packageKey } from './first-layers.js';
import { osPackage, packageFile, plausible, type Place } from './os-package.js';
import { textOf } from './paths.js';

/** Alpine before and after it merged /lib into /usr; Wolfi and Chainguard have the second. */
const DATABASES: ReadonlySet<string> = new Set(['lib/apk/db/installed', 'usr/lib/apk/db/installed']);

/** A desktop of 2,000 packages has some 30 MB. */
const LONGEST_DATABASE = 128 * 1024 * 1024;

/** Packages of Alpine, Wolfi and Chainguard. */
export const apk: Analyzer<readonly ApkRecord[]> = {
  name: 'apk',
  description: 'Packages of Alpine, Wolfi and Chainguard, with the files they own and their digests.',
  version: 1,
  wants: ({ path }) => (DATABASES.has(path) ? { limit: LONGEST_DATABASE, beyond: 'problem' } : 'nothing'),
  analyze: (_, bytes, tell) => readInstalled(textOf(bytes), tell),
  packages(view) {
    tellDeleted(view, (fact) => fact.length);
    const first = firstLayers(view, ({ fact }) => fact.map(packageKey));
    const distro = distroOf(view);
    return [...view.facts()].flatMap(({ path, layer, fact }) => {
      const records = plausible(fact, path, view);
      const dependenciesOf = dependencyNames(records);
      return records.map((record) =>
        installed(record, dependenciesOf(record), { location: path, layer: first.get(packageKey(record)) ?? layer }, distro));
    });
  },
};

function installed(record: ApkRecord, dependencies: readonly string[], place: Place, distro: Distro): InstalledPackage {
  const { name, version, architecture, origin, url } = record;
  return osPackage('apk', {
    name, version, architecture, dependencies,
    purl: { type: 'apk', namespace: distro.id.toLowerCase() || 'alpine', qualifiers: { upstream: origin === name ? '' : origin } },
    source: origin === '' ? { name: '', version: '' } : { name: origin, version },
    licenses: licensesOf(record.license),
    origin: record.maintainer,
    ...(record.installedSize === null ? {} : { size: record.installedSize }),
    files: record.files,
    metadata: url === '' ? {} : { homepage: url },
    verification: record.checksums.map(({ path, uid, gid, mode, digest, algorithm }): PackageFile =>
      packageFile(path, { digest, digestAlgorithm: algorithm, mode, user: uid, group: gid })),
  }, place, distro);
}

/** An SPDX expression is one licence; older packages list names with spaces between. */
function licensesOf(license: string): string[] {
  return / (?:AND|OR|WITH) /.test(license) ? [license] : license.split(' ').filter((word) => word !== '');
}
