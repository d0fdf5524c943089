import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { distro } from '../../../src/analyzers/os/distro.js';
import { dpkg } from '../../../src/analyzers/os/dpkg.js';
import { osPackageSections } from '../../../src/analyzers/os/sections.js';
import { expectGolden, fixture } from '../../golden.js';
import { look, type Layer } from './layers.js';

const BOOKWORM: Layer = { '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n' };

function status(...paragraphs: string[]): Layer {
  return { '/var/lib/dpkg/status': paragraphs.map((paragraph) => `${paragraph}\n`).join('\n') };
}

function installed(name: string, version: string, more = ''): string {
  return `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}${more === '' ? '' : `\n${more}`}`;
}

function names(layer: Layer): string[] {
  return look([distro, dpkg], [layer]).packages(dpkg).map(({ name, version }) => `${name} ${version}`);
}

describe('which packages count as installed', () => {
  test.each([
    ['valid', ['accountsservice 22.08.8-6', 'acl 2.3.1-3', 'adduser 3.131', 'admin-session 2023.06.26.c543406313-00', 'attr 1:2.5.1-4', 'libacl1 2.3.1-3', 'util-linux-extra 2.38.1-5+b1']],
    ['single', ['acl 2.3.1-3']],
    ['statusfield', ['wantinstall_installed 1.0', 'wantdeinstall_installed 1.0', 'wantpurge_installed 1.0']],
    ['trailingnewlines', ['acl 2.3.1-3']],
    ['transitional', ['iceweasel 78.13.0esr-1~deb10u1']],
    ['noversion', ['foo 1.0', 'bar 2.0']],
    ['nopackage', ['foo 1.0', 'bar 2.0']],
    ['empty', []],
    ['invalid', []],
  ])('of the real status %s', (file, expected) => {
    expect(names({ '/var/lib/dpkg/status': readFileSync(fixture(`os/dpkg/${file}`)) })).toEqual(expected);
  });

  test('waiting for a trigger is installed; halfway is told, held is installed', () => {
    const of = (name: string, state: string): string => installed(name, '1').replace('install ok installed', state);
    const layer = status(of('a', 'install ok triggers-pending'), of('b', 'install ok triggers-awaited'), of('c', 'hold ok installed'), of('d', 'install ok half-configured'), of('e', 'install ok not-installed'), of('f', 'deinstall ok config-files'));
    expect(names(layer)).toEqual(['a 1', 'b 1', 'c 1']);
    expect(look([dpkg], [layer]).problems).toEqual(['/var/lib/dpkg/status: Packages whose installation was not finished are left out, though some of their files may be there: d.']);
  });

  test.each([['bullseye', 195], ['bookworm', 133], ['trixie', 108]])('of an image of Debian %s: the %d that dpkg-query lists', (release, count) => {
    const gunzipped = (file: string): Buffer => gunzipSync(readFileSync(fixture(`os/dpkg-images/${release}.${file}.gz`)));
    const found = look([distro, dpkg], [{ '/var/lib/dpkg/status': gunzipped('status') }]).packages(dpkg)
      .map(({ name, version, architecture, source }) => [name, version, architecture, source.name, source.version].join('\t'));
    expect(found).toHaveLength(count);
    expect(found.sort()).toEqual(gunzipped('truth.tsv').toString().trimEnd().split('\n').sort());
  });

  test('a package without a name or a version is a problem', () => {
    const seen = look([dpkg], [status('Status: install ok installed\nVersion: 1', installed('a', ''), installed('b', '2'))]);
    expect(seen.packages(dpkg).map(({ name }) => name)).toEqual(['b']);
    expect(seen.problems).toEqual([
      '/var/lib/dpkg/status: 1 installed packages have no name and are left out.',
      '/var/lib/dpkg/status: 1 of 2 packages have no believable name or version and are left out.',
    ]);
  });

  test('distroless: a file a package, digests beside it', () => {
    const folder = 'os/dpkg/status.d';
    const seen = look([distro, dpkg], [BOOKWORM, {
      '/var/lib/dpkg/status.d/foo': readFileSync(fixture(`${folder}/foo`)),
      '/var/lib/dpkg/status.d/foo.md5sums': readFileSync(fixture(`${folder}/foo.md5sums`)),
    }]);
    const [foo, ...others] = seen.packages(dpkg);
    expect(others).toEqual([]);
    expect(foo).toMatchObject({ name: 'foo', version: '1.2.3', architecture: 'amd64', location: '/var/lib/dpkg/status.d/foo', layer: 1, purl: 'pkg:deb/debian/foo@1.2.3?arch=amd64&distro=debian-12' });
    expect(foo?.files).toContain('/usr/lib/os-release');
    expect(foo?.verification[0]).toEqual({ path: '/usr/lib/os-release', digest: '07d31e7e63800ab1b7966980709c51eb', digestAlgorithm: 'md5', mode: null, user: null, group: null, size: null, conffile: false });
  });
});

describe('the source package', () => {
  test.each([
    ['none named', '', 'curl', '7.88', ''],
    ['of another name', 'Source: glibc', 'glibc', '7.88', '&upstream=glibc'],
    ['of another version (a binary rebuild)', 'Source: curl (7.88-1)', 'curl', '7.88-1', '&upstream=curl%407.88-1'],
    ['of another name and version', 'Source: gcc-defaults (1.203)', 'gcc-defaults', '1.203', '&upstream=gcc-defaults%401.203'],
    ['unreadable', 'Source: a b c', 'curl', '7.88', ''],
  ])('%s', (_, field, name, version, qualifier) => {
    const [found] = look([distro, dpkg], [{ ...BOOKWORM, ...status(installed('curl', '7.88', field)) }]).packages(dpkg);
    expect(found?.source).toEqual({ name, version });
    expect(found?.purl).toBe(`pkg:deb/debian/curl@7.88?arch=amd64&distro=debian-12${qualifier}`);
  });
});

describe('layers', () => {
  test('a package is of the first layer that listed it at its version, also in a status that is hidden now', () => {
    const seen = look([dpkg], [
      status(installed('base', '1'), installed('upgraded', '1')),
      status(installed('base', '1'), installed('upgraded', '2'), installed('removed', '1')),
      status(installed('base', '1'), installed('upgraded', '2'), installed('new', '1')),
    ]);
    expect(seen.packages(dpkg).map(({ name, layer }) => [name, layer])).toEqual([['base', 0], ['upgraded', 1], ['new', 2]]);
  });
});

describe('a database that a later layer deleted', () => {
  const deleted: Layer = { '/var/lib/dpkg/status': null };

  test.each<[string, Layer[], string[]]>([
    ['is a problem', [status(installed('a', '1')), status(installed('a', '1'), installed('b', '1')), deleted], ['/var/lib/dpkg/status: Layer 2 deleted this database of 2 packages: those that are still in the image are not listed.']],
    ['is none when there is another', [status(installed('a', '1')), { ...deleted, '/var/lib/dpkg/status.d/x': 'Package: x\nVersion: 1\n' }], []],
    ['is none when it was empty', [{ '/var/lib/dpkg/status': '' }, deleted], []],
  ])('%s', (_, layers, problems) => {
    const seen = look([dpkg], layers);
    seen.packages(dpkg);
    expect(seen.problems).toEqual(problems);
  });
});

describe('files', () => {
  const A = 'a'.repeat(32);
  const B = 'b'.repeat(32);

  test('of two architectures, with diversions, configuration files and licences through a link', () => {
    const seen = look([distro, dpkg], [BOOKWORM, {
      ...status(
        installed('libx', '1', `Multi-Arch: same\nDepends: liby:any (>= 1), absent | tool\nInstalled-Size: 100\nMaintainer: A B <a@b>\nConffiles:\n /etc/x y.conf ${A}\n /etc/old ${B} obsolete\n /etc/new newconffile`),
        'Package: libx\nStatus: install ok installed\nArchitecture: i386\nVersion: 1\nMulti-Arch: same',
        installed('tool', '2', 'Provides: liby (= 1)'),
      ),
      '/var/lib/dpkg/info/libx:amd64.list': '/.\n/etc\n/etc/x y.conf\n/usr/lib/x86_64/libx.so\n/usr/bin/common\n',
      '/var/lib/dpkg/info/libx:i386.list': '/.\n/usr/lib/i386/libx.so\n/usr/bin/common\n',
      '/var/lib/dpkg/info/libx:amd64.md5sums': `${A}  usr/lib/x86_64/libx.so\n${B}  usr/bin/common\nnonsense\n`,
      '/var/lib/dpkg/info/libx:i386.md5sums': `${A}  usr/lib/i386/libx.so\n${B}  usr/bin/common\n`,
      '/var/lib/dpkg/info/libx:amd64.conffiles': '/etc/x y.conf\nremove-on-upgrade /etc/gone\n',
      '/var/lib/dpkg/info/tool.list': '/usr/bin/common\n',
      '/var/lib/dpkg/diversions': '/usr/bin/common\n/usr/bin/common.distrib\ntool\n',
      '/usr/share/doc/libx': { link: 'liby' },
      '/usr/share/doc/liby/copyright': 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2+ with OpenSSL exception\n text\n\nFiles: x\nLicense: Expat\n',
    }]);
    const packages = seen.packages(dpkg);
    expectGolden('os/dpkg-packages.json', `${JSON.stringify(packages, undefined, 1)}\n`);
    expectGolden('os/dpkg-sections.json', `${JSON.stringify(osPackageSections(packages), undefined, 1)}\n`);
    expect(seen.problems).toEqual([]);
  });

  test('a status that names a package a thousand times gets its files once', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => `${installed('a', `1.${index}`)}`);
    const seen = look([dpkg], [{ ...status(...rows), '/var/lib/dpkg/info/a.list': '/x\n'.repeat(1000) }]);
    expect(seen.packages(dpkg).map(({ version, files }) => [version, files.length])).toEqual([['1.999', 1000]]);
  });
});
