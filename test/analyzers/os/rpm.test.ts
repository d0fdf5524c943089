import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { distro } from '../../../src/analyzers/os/distro.js';
import { rpm } from '../../../src/analyzers/os/rpm.js';
import { readRpmDatabase } from '../../../src/analyzers/os/rpm/records.js';
import { osPackageSections } from '../../../src/analyzers/os/sections.js';
import { expectGolden, fixture } from '../../golden.js';
import { look } from './layers.js';

const DATABASES: readonly (readonly [folder: string, file: string])[] = [
  ['bdb-libuuid', 'Packages'], ['epoch', 'Packages'], ['ndb-sle15-bci', 'Packages.db'], ['sqlite-cbl-mariner-2.0', 'rpmdb.sqlite'],
];

function database(folder: string, file: string): Buffer {
  return gunzipSync(readFileSync(fixture(`os/rpm/${folder}/${file}.gz`)));
}

test.each(DATABASES)('%s holds what rpm -qa says', (folder, file) => {
  const told: string[] = [];
  const none = (value: unknown): string => (value === null || value === '' ? '(none)' : String(value));
  const rows = readRpmDatabase(database(folder, file), (message) => told.push(message)).map((found) => {
    const [, version = '', release = ''] = /^(?:\d+:)?(.*)-([^-]*)$/.exec(found.version) ?? [];
    return [found.name, none(found.epoch), version, release, none(found.architecture), none(found.sourceRpm), none(found.license), none(found.vendor), none(found.size)].join('\t');
  });
  expect(rows.sort()).toEqual(readFileSync(fixture(`os/rpm/${folder}/truth.tsv`), 'utf8').trimEnd().split('\n').sort());
  expect(told).toEqual([]);
});

describe('the analyzer', () => {
  const azure = { '/etc/os-release': 'ID=mariner\nVERSION_ID="2.0"\n' };

  test('a real database in the seed\'s sections', () => {
    const seen = look([distro, rpm], [azure, { '/var/lib/rpm/rpmdb.sqlite': database('sqlite-cbl-mariner-2.0', 'rpmdb.sqlite') }]);
    const packages = seen.packages(rpm);
    const sections = osPackageSections(packages);
    expectGolden('os/rpm-packages.txt', packages.map(({ purl, version, source, dependencies, files }) =>
      `${purl}\t${version}\t${source.name} ${source.version}\t${files.length}\t${dependencies.join(',')}\n`).join(''));
    expectGolden('os/rpm-bash.json', `${JSON.stringify({
      'pkgs.allinfo': sections['package_list']?.['pkgs.allinfo']?.['bash'],
      'pkgfiles.all': sections['package_list']?.['pkgfiles.all']?.['/usr/bin/bash'] ?? sections['package_list']?.['pkgfiles.all']?.['/bin/bash'],
      'distro.pkgfilemeta': Object.fromEntries(Object.entries(sections['file_package_verify']?.['distro.pkgfilemeta'] ?? {}).filter(([, value]) => value.includes('"package": "bash"')).slice(0, 12)),
    }, undefined, 1)}\n`);
    expect(seen.problems).toEqual([]);
  });

  test('SUSE\'s place, epoch and namespace', () => {
    const seen = look([distro, rpm], [{ '/etc/os-release': 'ID="opensuse-leap"\nVERSION_ID="15.2"\n', '/usr/lib/sysimage/rpm/Packages': database('epoch', 'Packages') }]);
    expect(seen.packages(rpm)).toMatchObject([{
      name: 'hello', version: '1:0.0.1-rls', purl: 'pkg:rpm/opensuse/hello@0.0.1-rls?arch=x86_64&distro=opensuse-leap-15.2&epoch=1&upstream=hello-0.0.1-rls.src.rpm',
      source: { name: 'hello', version: '0.0.1-rls' }, origin: '',
    }]);
    const sections = osPackageSections(seen.packages(rpm));
    expect(JSON.parse(sections['package_list']?.['pkgs.allinfo']?.['hello'] ?? '')).toMatchObject({ version: '1:0.0.1', release: 'rls', origin: '(none)', sourcepkg: 'hello-0.0.1-rls.src.rpm', size: '29', type: 'rpm' });
  });

  test('a package is of the first layer that had its version, whatever the database is rewritten by', () => {
    const both = database('bdb-libuuid', 'Packages');
    const seen = look([distro, rpm], [{ '/var/lib/rpm/Packages': both }, { '/var/lib/rpm/Packages': both, '/etc/os-release': 'ID=rhel\nVERSION_ID=8.6\n' }]);
    expect(seen.packages(rpm)).toMatchObject([{ name: 'libuuid', layer: 0, origin: 'Red Hat, Inc.', purl: 'pkg:rpm/redhat/libuuid@2.32.1-42.el8_8?arch=x86_64&distro=rhel-8.6&upstream=util-linux-2.32.1-42.el8_8.src.rpm' }]);
  });

  test('the manifest of distroless images', () => {
    const seen = look([distro, rpm], [azure, {
      '/var/lib/rpmmanifest/container-manifest-2': 'mariner-release\t2.0-12.cm2\t1653816591\t1653753130\tMicrosoft Corporation\t(none)\t580\tnoarch\t0\tmariner-release-2.0-12.cm2.src.rpm\nfoo\t1-2\t1\t2\t(none)\t3\tx\t(none)\t3\t(none)\nbroken\n',
    }]);
    expectGolden('os/rpm-manifest.json', `${JSON.stringify(seen.packages(rpm), undefined, 1)}\n`);
    expect(seen.problems).toEqual([]);
  });

  test.each<[string, Record<string, Buffer | string>, string[]]>([
    ['no database', { '/var/lib/rpm/Packages': database('invalid', 'Packages') }, ['/var/lib/rpm/Packages: This database of rpm is neither Berkeley DB nor ndb nor SQLite.']],
    ['an empty file', { '/var/lib/rpm/Packages': '' }, ['/var/lib/rpm/Packages: This database of rpm is neither Berkeley DB nor ndb nor SQLite.']],
    ['a log beside it', { '/var/lib/rpm/rpmdb.sqlite-wal': 'x', '/var/lib/rpm/rpmdb.sqlite-shm': 'x' }, ['/var/lib/rpm/rpmdb.sqlite-wal: This log holds changes to the database of rpm that are not read: packages may be missing.']],
    ['an older database beside it', { '/var/lib/rpm/Packages': database('epoch', 'Packages'), '/var/lib/rpm/rpmdb.sqlite': database('sqlite-cbl-mariner-2.0', 'rpmdb.sqlite') }, ['/var/lib/rpm/Packages: This database of rpm is not in use: /var/lib/rpm/rpmdb.sqlite is the newer kind.']],
    ['a cut Berkeley DB', { '/var/lib/rpm/Packages': database('epoch', 'Packages').subarray(0, 8192) }, ['/var/lib/rpm/Packages: This database of rpm ends after 2 of 5 pages.', '/var/lib/rpm/Packages: This database of rpm points to page 4 of 2.']],
    ['a cut ndb', { '/var/lib/rpm/Packages.db': database('ndb-sle15-bci', 'Packages.db').subarray(0, 4000) }, ['/var/lib/rpm/Packages.db: This database of rpm ends before its slots do.', '/var/lib/rpm/Packages.db: This database of rpm says that package 1 is at byte 4096, where it is not.']],
    ['a cut SQLite', { '/var/lib/rpm/rpmdb.sqlite': database('sqlite-cbl-mariner-2.0', 'rpmdb.sqlite').subarray(0, 200) }, ['/var/lib/rpm/rpmdb.sqlite: This database of rpm points to page 0 of 0.', '/var/lib/rpm/rpmdb.sqlite: This database of rpm has no table Packages.']],
  ])('%s is a problem', (_, files, expected) => {
    const seen = look([distro, rpm], [files]);
    seen.packages(rpm);
    expect(seen.problems.slice(0, 2)).toEqual(expected);
  });
});
