import { describe, expect, test } from '@jest/globals';
import { canonicalEcosystem, ecosystemsOfPackage, osEcosystem } from '../../../src/evaluation/advisories/distributions.js';

function ecosystems(id: string, version: string): unknown {
  const os = osEcosystem({ id, version, like: [] });
  return 'why' in os ? os.why : os.ecosystems;
}

describe('where a distribution’s advisories are', () => {
  test.each([
    ['debian', '12', ['Debian:12']], ['debian', '12.5', ['Debian:12']], ['debian', 'unstable', ['Debian:14']],
    ['ubuntu', '22.04', ['Ubuntu:22.04:LTS']], ['ubuntu', '23.10', ['Ubuntu:23.10']], ['ubuntu', '23.04', ['Ubuntu:23.04']],
    ['alpine', '3.20.3', ['Alpine:v3.20']], ['alpine', '3.22.0_alpha20250108', ['Alpine:edge']],
    ['rocky', '9.4', ['Rocky Linux:9']], ['almalinux', '9.4', ['AlmaLinux:9']], ['rhel', '9.4', ['Red Hat:enterprise_linux:9']], ['centos', '7', ['Red Hat:enterprise_linux:7']],
    ['wolfi', '20230201', ['Wolfi']], ['chainguard', '20230214', ['Chainguard']], ['minimos', '', ['MinimOS']],
    ['opensuse-leap', '15.6', ['openSUSE:Leap 15.6']], ['opensuse-tumbleweed', '20250101', ['openSUSE:Tumbleweed']],
    ['mageia', '9', ['Mageia:9']], ['photon', '5.0', ['Photon OS:5.0']], ['azurelinux', '3.0', ['Azure Linux:3']], ['mariner', '2.0.20240101', ['Azure Linux:2']],
    ['sles', '16.0', ['SUSE:Linux Enterprise Server 16.0']], ['sle-micro', '5.5', ['SUSE:Linux Enterprise Micro 5.5']], ['sl-micro', '6.0', ['SUSE:Linux Micro 6.0']],
    // derived ones, to their parents
    ['raspbian', '12', ['Debian:12']], ['devuan', '5', ['Debian:12']], ['kali', '2026.3', ['Debian:14']], ['parrot', '6.4', ['Debian:12']], ['linuxmint', '6', ['Debian:12']], ['linuxmint', '21.3', ['Ubuntu:22.04:LTS']], ['pop', '22.04', ['Ubuntu:22.04:LTS']], ['postmarketos', 'v24.06', ['Alpine:v3.20']],
  ])('%s %s', (id, version, expected) => expect(ecosystems(id, version)).toEqual(expected));

  test('SUSE by product and modules', () => {
    expect(ecosystems('sles', '15.5')).toEqual(expect.arrayContaining(['SUSE:Linux Enterprise Server 15 SP5', 'SUSE:Linux Enterprise Module for Basesystem 15 SP5']));
  });

  test.each([['amzn', '2023'], ['ol', '9'], ['fedora', '43'], ['centos', '9'], ['linuxmint', '99'], ['plan9', '4'], ['unknown', ''], ['debian', ''], ['__proto__', ''], ['constructor', '1']])('%s %s has none, and says why', (id, version) => {
    expect(ecosystems(id, version)).toEqual(expect.stringMatching(/nobody|no advisories|no release|does not say/));
  });
});

test.each([
  ['openeuler', '24.03', '1.2-3.oe2403sp1', ['openEuler:24.03-LTS-SP1']],
  ['openeuler', '24.03', '1.2-3.oe2403', ['openEuler:24.03-LTS']],
  ['ubuntu', '18.04', '2.27-3ubuntu1.6+esm1', ['Ubuntu:Pro:18.04:LTS']],
  ['ubuntu', '18.04', '2.27-3ubuntu1.6', ['Ubuntu:18.04:LTS']],
])('%s %s: a package at %s', (id, version, installed, expected) => {
  const os = osEcosystem({ id, version, like: [] });
  if ('why' in os) throw new Error(os.why);
  expect(ecosystemsOfPackage(os, installed)).toEqual(expected);
});

test.each([
  ['Red Hat:enterprise_linux:9::appstream', 'Red Hat:enterprise_linux:9'], ['Red Hat:enterprise_linux:9::baseos', 'Red Hat:enterprise_linux:9'], ['Red Hat:enterprise_linux:10.0', 'Red Hat:enterprise_linux:10'],
  ['Red Hat:rhel_eus:9.4::baseos', 'Red Hat:rhel_eus:9.4::baseos'], ['Maven:https://maven.google.com', 'Maven'], ['Debian:12', 'Debian:12'], ['Ubuntu:22.04:LTS', 'Ubuntu:22.04:LTS'],
])('%s is %s', (ecosystem, canonical) => expect(canonicalEcosystem(ecosystem)).toBe(canonical));
