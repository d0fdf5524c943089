import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { distro } from '../../../src/analyzers/os/distro.js';
import { opkg } from '../../../src/analyzers/os/opkg.js';
import { pacman } from '../../../src/analyzers/os/pacman.js';
import { portage } from '../../../src/analyzers/os/portage.js';
import { osPackageSections } from '../../../src/analyzers/os/sections.js';
import { expectGolden, fixture } from '../../golden.js';
import { look, type Layer } from './layers.js';

describe('pacman', () => {
  const LOCAL = '/var/lib/pacman/local';
  const arch: Layer = { '/etc/os-release': 'ID=arch\nBUILD_ID=rolling\n' };
  const real = (name: string): Buffer => readFileSync(fixture(`os/pacman/${name}`));

  test('a real desc, with files, backup and mtree', () => {
    const seen = look([distro, pacman], [arch, {
      [`${LOCAL}/gawk-5.3.1-1/desc`]: real('valid'),
      [`${LOCAL}/libxml2-2.13.5-1/desc`]: '%NAME%\nlibxml2\n\n%VERSION%\n2.13.5-1\n\n%ARCH%\nx86_64\n\n%DEPENDS%\nawk>=1\nnothing\n',
      [`${LOCAL}/libxml2-2.13.5-1/files`]: '%FILES%\netc/\netc/xml.conf\nusr/\n\n%BACKUP%\netc/xml.conf\t0123456789abcdef0123456789abcdef\n',
      [`${LOCAL}/libxml2-2.13.5-1/mtree`]: gzipSync([
        '#mtree', '/set type=file uid=0 gid=0 mode=644', './.PKGINFO size=3 sha256digest=00', './etc time=1.0 mode=755 type=dir',
        './etc/xml.conf time=1.0 size=12 md5digest=aa sha256digest=bb', './etc/a\\040b\\303\\244 size=1 mode=4755 uid=1', '/set mode=600', './etc/c size=x',
      ].join('\n')),
      [`${LOCAL}/ALPM_DB_VERSION`]: '9\n',
    }]);
    const packages = seen.packages(pacman);
    expectGolden('os/pacman-packages.json', `${JSON.stringify(packages, undefined, 1)}\n`);
    expectGolden('os/pacman-sections.json', `${JSON.stringify(osPackageSections(packages), undefined, 1)}\n`);
    expect(seen.problems).toEqual([]);
  });

  test.each(['valid', 'valid_one_dep', 'eof_after_dependencies', 'invalid_value_eof'])('the real desc %s', (name) => {
    const seen = look([distro, pacman], [arch, { [`${LOCAL}/x/desc`]: real(name) }]);
    const found = seen.packages(pacman).map(({ purl }) => purl);
    expectGolden(`os/pacman-${name}.txt`, `${[...found, ...seen.problems].join('\n')}\n`);
  });

  test.each([['no gzip', Buffer.from('#mtree')], ['cut', gzipSync('#mtree\n'.repeat(1000)).subarray(0, 20)], ['too large', gzipSync(Buffer.alloc(65 * 1024 * 1024))]])('an mtree that is %s is a problem', (_, mtree) => {
    const seen = look([distro, pacman], [{ [`${LOCAL}/a-1-1/desc`]: '%NAME%\na\n\n%VERSION%\n1-1\n', [`${LOCAL}/a-1-1/mtree`]: mtree }]);
    expect(seen.packages(pacman)).toHaveLength(1);
    expect(seen.problems).toEqual([`${LOCAL}/a-1-1/mtree: This list of files with their digests cannot be unpacked.`]);
  });
});

describe('portage', () => {
  test('a folder of one value a file', () => {
    const folder = '/var/db/pkg/app-misc/ca-certificates-20230311.3.90-r1';
    const seen = look([distro, portage], [{ '/etc/os-release': 'ID=gentoo\nVERSION_ID=2.15\n' }, {
      [`${folder}/CONTENTS`]: 'dir /etc\nobj /etc/a b.conf 0123456789abcdef0123456789abcdef 1700000000\nsym /etc/link -> a b.conf 1700000000\nbroken\n',
      [`${folder}/LICENSE`]: '|| ( MPL-1.1 GPL-2 ) doc? ( FDL-1.1 )\n',
      [`${folder}/SIZE`]: '4711\n',
      [`${folder}/CHOST`]: 'x86_64-pc-linux-gnu\n',
      [`${folder}/HOMEPAGE`]: 'https://a https://b\n',
      [`${folder}/repository`]: 'gentoo\n',
      [`${folder}/RDEPEND`]: '>=dev-libs/openssl-1.1.1:0=[-bindist] !app-misc/other sys-apps/none foo? ( dev-libs/openssl )\n',
      '/var/db/pkg/dev-libs/openssl-3.0.13/CONTENTS': '',
      '/var/db/pkg/dev-libs/noversion/CONTENTS': '',
    }]);
    expectGolden('os/portage-packages.json', `${JSON.stringify(seen.packages(portage), undefined, 1)}\n`);
    expect(seen.problems).toEqual(['/var/db/pkg/dev-libs/noversion/CONTENTS: 1 of 1 packages have no believable name or version and are left out.']);
  });
});

describe('opkg', () => {
  const openwrt: Layer = { '/etc/os-release': 'ID="openwrt"\nVERSION_ID="23.05.5"\nID_LIKE="lede openwrt"\n' };

  test('a real status, with control files and lists', () => {
    const seen = look([distro, opkg], [openwrt, {
      '/usr/lib/opkg/status': readFileSync(fixture('os/opkg/valid')),
      '/usr/lib/opkg/info/busybox.control': 'Package: busybox\nVersion: 1.36.1-r2\nLicense: GPL-2.0\nSource: package/utils/busybox\nMaintainer: A <a@b>\nInstalled-Size: 4096\n',
      '/usr/lib/opkg/info/busybox.list': '/bin/busybox\n/bin/sh\n',
    }]);
    expectGolden('os/opkg-packages.json', `${JSON.stringify(seen.packages(opkg), undefined, 1)}\n`);
    expect(seen.problems).toEqual([]);
  });

  test.each(['statusfield', 'nopackage', 'noversion', 'single', 'trailingnewlines', 'transitional', 'empty', 'invalid'])('the real status %s', (file) => {
    const seen = look([distro, opkg], [{ '/var/lib/opkg/status': readFileSync(fixture(`os/opkg/${file}`)) }]);
    expectGolden(`os/opkg-${file}.txt`, `${[...seen.packages(opkg).map(({ purl }) => purl), ...seen.problems].join('\n')}\n`);
  });
});
