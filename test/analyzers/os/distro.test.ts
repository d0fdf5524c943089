import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { distro, distroOf, distroQualifier } from '../../../src/analyzers/os/distro.js';
import { fixture } from '../../golden.js';
import { look, type Layer } from './layers.js';

/** Every file below a folder of fixtures, as a layer. */
function layerOf(folder: string): Layer {
  const root = fixture(`os/os-release/${folder}`);
  const files = readdirSync(root, { recursive: true }).map(String).filter((path) => statSync(`${root}/${path}`).isFile());
  return Object.fromEntries(files.map((path) => [`/${path}`, readFileSync(`${root}/${path}`)]));
}

function meta(...layers: Layer[]): unknown {
  const { DISTRO, DISTROVERS, LIKEDISTRO } = distro.report?.(look([distro], layers).view(distro))['analyzer_meta']?.['analyzer_meta'] ?? {};
  return [DISTRO, DISTROVERS, LIKEDISTRO];
}

describe('analyzer_meta of real files', () => {
  test.each([
    ['almalinux/from-os-release', 'almalinux', '8.4', 'rhel,centos,fedora'],
    ['almalinux/from-redhat-release', 'almalinux', '8.10', 'almalinux'],
    ['alpine', 'alpine', '3.11.6', 'alpine'],
    ['amazon', 'amzn', '2', 'centos,rhel,fedora'],
    ['arch', 'arch', '0', 'arch'],
    ['busybox', 'busybox', 'v1.31.1', 'busybox'],
    ['centos', 'centos', '8', 'rhel,fedora'],
    ['centos5', 'centos', '5.7', 'centos'],
    ['centos6', 'centos', '6', 'centos'],
    ['custom', 'scientific', '8', 'rhel,fedora'],
    ['debian/from-debian_version', 'debian', '10', 'debian'],
    ['debian/from-os-release', 'debian', '8', 'debian'],
    ['debian/with-point-release', 'debian', '13', 'debian'],
    ['empty', 'Unknown', '0', 'Unknown'],
    ['fedora', 'fedora', '36', 'fedora'],
    ['mariner', 'mariner', '1.0', 'mariner'],
    ['opensuse-leap', 'opensuse-leap', '15.2', 'suse,opensuse'],
    ['oraclelinux', 'ol', '8.3', 'fedora'],
    ['photon', 'photon', '2.0', 'photon'],
    ['redhat/from-os-release', 'rhel', '7.3', 'fedora'],
    ['redhat/from-redhat-release', 'rhel', '8.10', 'rhel'],
    ['rockylinux/from-os-release', 'rocky', '8.4', 'rhel,fedora'],
    ['rockylinux/from-redhat-release', 'rocky', '8.10', 'rocky'],
    ['scientific/from-os-release', 'scientific', '7.5', 'rhel,centos,fedora'],
    ['scientific/from-redhat-release', 'scientific', '7.9', 'scientific'],
    ['sles', 'sles', '15.2', 'suse'],
    ['ubuntu', 'ubuntu', '20.04', 'debian'],
    ['wolfi', 'wolfi', '20220914', 'wolfi'],
  ])('%s is %s %s like %s', (folder, ...expected) => {
    expect(meta(layerOf(folder))).toEqual(expected);
  });
});

describe('analyzer_meta', () => {
  const alpine = 'ID=alpine\nVERSION_ID=3.20.1\n';

  test.each<[string, Layer, string[]]>([
    ['no file at all', {}, ['Unknown', '0', 'Unknown']],
    ['a link to the file', { '/etc/os-release': { link: '../usr/lib/os-release' }, '/usr/lib/os-release': alpine }, ['alpine', '3.20.1', 'alpine']],
    ['a link to a file of another name', { '/etc/os-release': { link: '/usr/lib/os.release.d/os-release-fedora' }, '/usr/lib/os.release.d/os-release-fedora': 'ID=fedora\nVERSION_ID=40\n' }, ['fedora', '40', 'fedora']],
    ['a link to itself', { '/etc/os-release': { link: 'os-release' }, '/etc/system-release-cpe': 'cpe:2.3:o:amazon:amazon_linux:2' }, ['amzn', '2', 'amzn']],
    ['BusyBox below a linked /bin', { '/bin': { link: 'usr/bin' }, '/usr/bin/busybox': 'BusyBox v1.36.1 (2024-06-10)' }, ['busybox', 'v1.36.1', 'busybox']],
    ['BusyBox in another distribution', { '/usr/lib/os-release': alpine, '/bin/busybox': 'BusyBox v1.36.1 (x)' }, ['alpine', '3.20.1', 'alpine']],
    ['redhat-release as a link', { '/etc/redhat-release': { link: 'centos-release' }, '/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)' }, ['centos', '7.9', 'centos']],
    ['another release file alone', { '/etc/lsb-release': 'DISTRIB_ID=Ubuntu 20.04' }, ['Unknown', '0', 'Unknown']],
    ['Debian unstable', { '/etc/os-release': 'ID=debian\n', '/etc/debian_version': 'forky/sid\n' }, ['debian', 'unstable', 'debian']],
    ['single quotes, comments and spaces', { '/etc/os-release': "# c\n ID='my distro'\nVERSION_ID=\"a\\\"b\"\nID_LIKE=\"debian  ubuntu\"\nX\n" }, ['my distro', 'a"b', 'debian,ubuntu']],
    ['an empty os-release beside an older file', { '/etc/os-release': '', '/etc/redhat-release': 'Fedora release 20 (Heisenbug)' }, ['fedora', '20', 'fedora']],
  ])('%s', (_, layer, expected) => {
    expect(meta(layer)).toEqual(expected);
  });

  test('a later layer replaces an earlier one', () => {
    expect(meta({ '/etc/os-release': 'ID=debian\nVERSION_ID=11\n' }, { '/etc/os-release': alpine })).toEqual(['alpine', '3.20.1', 'alpine']);
  });

  test('BusyBox alone is a package', () => {
    const seen = look([distro], [{ '/bin/busybox': 'BusyBox v1.36.1 (x)' }]);
    expect(distro.report?.(seen.view(distro))['package_list']).toEqual({ 'pkgs.all': { BusyBox: 'v1.36.1' } });
  });
});

test.each([
  ['ID=debian\nVERSION_ID=12', 'debian-12'],
  ['ID=arch\nBUILD_ID=rolling', 'arch-rolling'],
  ['ID=gentoo', 'gentoo'],
  ['NAME=x', ''],
])('the qualifier of %j is %j', (osRelease, expected) => {
  expect(distroQualifier(distroOf(look([distro], [{ '/etc/os-release': osRelease }]).view(distro)))).toBe(expected);
});
