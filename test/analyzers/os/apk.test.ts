import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apk } from '../../../src/analyzers/os/apk.js';
import { readInstalled } from '../../../src/analyzers/os/apk/installed.js';
import { distro } from '../../../src/analyzers/os/distro.js';
import { osPackageSections } from '../../../src/analyzers/os/sections.js';
import { expectGolden, fixture } from '../../golden.js';
import { look, type Layer } from './layers.js';

const ALPINE: Layer = { '/etc/os-release': 'ID=alpine\nVERSION_ID=3.18.0\n' };

test.each(['installed', 'single', 'different-arch', 'no-origin', 'empty', 'invalid'])('the real database %s', (file) => {
  const seen = look([distro, apk], [ALPINE, { '/lib/apk/db/installed': readFileSync(fixture(`os/apk/${file}`)) }]);
  const packages = seen.packages(apk);
  expectGolden(`os/apk-${file}.txt`, packages.map((found) => [
    found.purl, found.version, found.architecture, found.licenses.join(' | '), found.origin, `${found.source.name} ${found.source.version}`,
    String(found.size), found.dependencies.join(','), `${found.files.length} files`, `${found.verification.length} digests`,
  ].join('\t')).concat(seen.problems, '').join('\n'));
});

test('the seed\'s sections of a real database', () => {
  const seen = look([distro, apk], [ALPINE, { '/lib/apk/db/installed': readFileSync(fixture('os/apk/single')) }]);
  expectGolden('os/apk-sections.json', `${JSON.stringify(osPackageSections(seen.packages(apk)), undefined, 1)}\n`);
});

describe('files', () => {
  test('have owner, mode and digest of their own lines', () => {
    const [found] = readInstalled(
      'P:a\nV:1-r0\nF:\nR:init\nZ:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=\nF:etc\nM:0:0:755\nR:shadow\na:0:42:640\nZ:Q1ltrPIAW2zHeDiajsex2Bdmq3uqA=\nR:new\nZ:Q2jfqAeZDEr9MkHwdPBUIGGAwOtVfdn6YZPURiK6fEE0U=\nR:odd\nZ:Q1AAAA\nR:none\n',
      () => undefined,
    );
    expect(found?.files).toEqual(['/init', '/etc', '/etc/shadow', '/etc/new', '/etc/odd', '/etc/none']);
    expect(found?.checksums).toEqual([
      { path: '/init', uid: null, gid: null, mode: null, digest: expect.stringMatching(/^[0-9a-f]{40}$/), algorithm: 'sha1' },
      { path: '/etc/shadow', uid: '0', gid: '42', mode: '0640', digest: expect.stringMatching(/^[0-9a-f]{40}$/), algorithm: 'sha1' },
      { path: '/etc/new', uid: null, gid: null, mode: null, digest: expect.stringMatching(/^[0-9a-f]{64}$/), algorithm: 'sha256' },
      { path: '/etc/odd', uid: null, gid: null, mode: null, digest: null, algorithm: 'sha1' },
    ]);
  });

  test('a digest is the base64 after Q1, in hex', () => {
    const [found] = readInstalled(`P:a\nV:1\nF:x\nR:y\nZ:Q1${Buffer.from('00112233445566778899aabbccddeeff00112233', 'hex').toString('base64')}\n`, () => undefined);
    expect(found?.checksums[0]?.digest).toBe('00112233445566778899aabbccddeeff00112233');
  });

  test('a small database cannot become endless', () => {
    const text = `P:a\nV:1\nF:${'x'.repeat(4000)}\n${'R:y\n'.repeat(100_000)}`;
    const [found] = readInstalled(text, () => undefined);
    expect((found?.files ?? []).join('').length).toBeLessThan(10 * text.length);
  });
});

test('Wolfi keeps it below /usr, and a package is of the layer that first had its version', () => {
  const seen = look([distro, apk], [
    { '/etc/os-release': 'ID=wolfi\nVERSION_ID="20230201"\n', '/usr/lib/apk/db/installed': 'P:glibc\nV:2.39-r1\nA:x86_64\no:glibc\n\n' },
    { '/usr/lib/apk/db/installed': 'P:glibc\nV:2.39-r1\nA:x86_64\no:glibc\n\nP:libcrypt1\nV:2.39-r1\nA:x86_64\no:glibc\nD:so:libc.so.6 !x\nL:LGPL-2.1-or-later AND MIT\n' },
  ]);
  expect(seen.packages(apk).map(({ purl, layer, licenses, location }) => [purl, layer, licenses, location])).toEqual([
    ['pkg:apk/wolfi/glibc@2.39-r1?arch=x86_64&distro=wolfi-20230201', 0, [], '/usr/lib/apk/db/installed'],
    ['pkg:apk/wolfi/libcrypt1@2.39-r1?arch=x86_64&distro=wolfi-20230201&upstream=glibc', 1, ['LGPL-2.1-or-later AND MIT'], '/usr/lib/apk/db/installed'],
  ]);
});

test('whatever it holds, it is read', () => {
  const line = fc.oneof(fc.string(), fc.tuple(fc.constantFrom(...'PVAILomUDpFRaZM'), fc.string()).map(([letter, value]) => `${letter}:${value}`), fc.constant(''));
  fc.assert(fc.property(fc.array(line), (all) => {
    for (const { name } of readInstalled(all.join('\n'), () => undefined)) expect(name).not.toBe('');
  }));
});
