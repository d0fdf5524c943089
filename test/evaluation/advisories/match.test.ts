import { describe, expect, test } from '@jest/globals';
import { openAdvisories } from '../../../src/evaluation/advisories/open.js';
import type { AdvisoryAnswer, VulnerabilityMatch } from '../../../src/evaluation/vulnerability.js';
import type { ScannedPackage } from '../../../src/report/scanned.js';
import { fixture } from '../../golden.js';
import { advisory, DEBIAN_11, DEBIAN_12, exportsOf, language, osPackage, scratch } from './build.js';

const ALPINE = { id: 'alpine', version: '3.20.1', like: [] };
const NOW = new Date('2026-11-01T00:00:00Z');

async function answer(directory: string, packages: readonly ScannedPackage[], distro = DEBIAN_12, cacheDir = scratch()): Promise<AdvisoryAnswer> {
  const source = await openAdvisories(directory, { cacheDir, now: () => NOW });
  if (source === null) throw new Error('no source');
  try {
    return await source.match(packages, distro);
  } finally {
    await source.close();
  }
}

function brief({ matches }: AdvisoryAnswer): readonly string[] {
  return matches.map(({ id, package: { name, version }, severity, fixedIn }) => `${id} ${name}@${version} ${severity} → ${fixedIn.join(', ')}`);
}

async function only(records: readonly Record<string, unknown>[], found: ScannedPackage, ecosystem: string, distro = DEBIAN_12): Promise<VulnerabilityMatch | undefined> {
  return (await answer(exportsOf({ [ecosystem]: records }), [found], distro)).matches[0];
}

test('npm tells capital letters apart, whatever the package URL does', async () => {
  const records = [advisory({ id: 'X-1', name: 'ExtJS' }), advisory({ id: 'X-2', name: 'extjs' })];
  const ids = async (name: string): Promise<readonly string[]> => (await answer(exportsOf({ npm: records }), [language('npm', `pkg:npm/${name.toLowerCase()}@1.0.0`, { name })])).matches.map(({ id }) => id);
  expect(await ids('ExtJS')).toEqual(['X-1']);
  expect(await ids('extjs')).toEqual(['X-2']);
});

describe('real records', () => {
  test('lodash 4.17.15 by a list checked by hand', async () => {
    const found = await answer(fixture('advisories/exports'), [language('npm', 'pkg:npm/lodash@4.17.15')]);
    // GHSA-r5fr-rjxr-66jc and GHSA-f23m-r3pf-42rh each name a second CVE as their alias, so those are one with them; NSWG's record names none
    expect(brief(found)).toEqual([
      'CVE-2020-8203 lodash@4.17.15 high → 4.17.19',
      'CVE-2020-28500 lodash@4.17.15 medium → 4.17.21',
      'CVE-2021-23337 lodash@4.17.15 high → 4.18.0',
      'CVE-2025-13465 lodash@4.17.15 medium → 4.18.0',
      'NSWG-ECO-516 lodash@4.17.15 medium → 4.17.19',
    ]);
  });

  test('urllib3, Jinja2 and Django by name in any spelling; one finding for each vulnerability', async () => {
    const found = await answer(fixture('advisories/exports'), [
      language('python', 'pkg:pypi/urllib3@1.26.4'), language('python', 'pkg:pypi/Jinja2@2.11.2'), language('python', 'pkg:pypi/django@3.2'),
    ]);
    expect(brief(found)).toEqual(expect.arrayContaining([
      expect.stringMatching(/^CVE-2021-33503 urllib3@1\.26\.4 .* → 1\.26\.5$/),
      expect.stringMatching(/^CVE-2020-28493 Jinja2@2\.11\.2 .* → 2\.11\.3$/),
      expect.stringMatching(/^CVE-2021-35042 django@3\.2 .* → 3\.2\.5$/),
    ]));
    expect(new Set(brief(found)).size).toBe(found.matches.length);
    expect(found.covered).toEqual(['PyPI']);
    expect(found.uncovered).toEqual([]);
    expect(found.problems).toEqual([]);
  });

  test('Debian by source package and its version; a fixed one is not matched', async () => {
    const packages = [
      osPackage('dpkg', 'libcurl4', '7.74.0-1.3+b1', { name: 'curl', version: '7.74.0-1.3' }),
      osPackage('dpkg', 'curl', '7.74.0-1.3+deb11u99', { name: 'curl', version: '7.74.0-1.3+deb11u99' }),
    ];
    const found = await answer(fixture('advisories/exports'), packages, DEBIAN_11);
    expect(found.matches.map(({ package: { name } }) => name)).not.toContain('curl');
    expect(brief(found)).toEqual(expect.arrayContaining([expect.stringMatching(/^CVE-2022-32221 libcurl4@7\.74\.0-1\.3\+b1 .* → 7\.74\.0-1\.3\+deb11u5$/)]));
    expect(found.matches.find(({ id }) => id === 'CVE-2022-32221')).toMatchObject({ aliases: [expect.stringMatching(/^DSA-/)], matchedBy: expect.stringMatching(/^DSA-\d+-\d affected\[\d\]\.ranges\[0\] \(ECOSYSTEM\) \[0, 7\.74/) });
  });

  test('a release without records is named, never taken for clean', async () => {
    const found = await answer(fixture('advisories/exports'), [osPackage('dpkg', 'curl', '7.88.1-10')], DEBIAN_12);
    expect(found.matches).toEqual([]);
    expect(found.covered).toEqual([]);
    expect(found.uncovered).toEqual([{ ecosystem: 'Debian:12', packages: 1, why: expect.stringMatching(/has no advisories of Debian:12, only of Debian:10, Debian:11/), missedBy: 'os' }]);
  });
});

describe('which advisories a package is matched by', () => {
  test('one that an operating system’s package owns: by that one’s only', async () => {
    const directory = exportsOf({ npm: [advisory({ id: 'X-1' })] });
    expect((await answer(directory, [language('npm', 'pkg:npm/left-pad@1.0.0', { ownedBy: 'node-left-pad' })])).matches).toEqual([]);
    expect((await answer(directory, [language('npm', 'pkg:npm/left-pad@1.0.0')])).matches).toHaveLength(1);
  });

  test.each(['linux-libc-dev', 'linux-headers-6.1.0-18-amd64', 'linux-kbuild-6.1', 'bpftool'])('%s is no kernel', async (name) => {
    const records = [advisory({ id: 'DSA-1', ecosystem: 'Debian:12', name: 'linux', type: 'ECOSYSTEM', events: [{ introduced: '0' }] })];
    expect(await only(records, osPackage('dpkg', name, '6.1.76-1', { name: 'linux', version: '6.1.76-1' }), 'Debian')).toBeUndefined();
    expect(await only(records, osPackage('dpkg', 'linux-image-6.1.0-18-amd64', '6.1.76-1', { name: 'linux', version: '6.1.76-1' }), 'Debian')).toBeDefined();
  });

  test('records that name binary packages are about those alone', async () => {
    const records = [advisory({ id: 'USN-1', affected: [{ package: { ecosystem: 'Ubuntu:22.04:LTS', name: 'vim' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }], ecosystem_specific: { binaries: [{ binary_name: 'vim-gtk', binary_version: '1' }] } }] })];
    const ubuntu = { id: 'ubuntu', version: '22.04', like: ['debian'] };
    expect(await only(records, osPackage('dpkg', 'vim-gtk', '2:8.2', { name: 'vim', version: '2:8.2' }), 'Ubuntu', ubuntu)).toBeDefined();
    expect(await only(records, osPackage('dpkg', 'vim-common', '2:8.2', { name: 'vim', version: '2:8.2' }), 'Ubuntu', ubuntu)).toBeUndefined();
  });

  test('Alpine by origin, Red Hat by binary name in any stream of the release, AlmaLinux by either', async () => {
    const range = (ecosystem: string, name: string, fixed: string): readonly Record<string, unknown>[] => [advisory({ id: 'X-1', ecosystem, name, type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] })];
    expect(await only(range('Alpine:v3.20', 'openssl', '3.3.1-r0'), osPackage('apk', 'libssl3', '3.3.0-r2', { name: 'openssl', version: '3.3.0-r2' }), 'Alpine', ALPINE)).toBeDefined();
    const libs = osPackage('rpm', 'openssl-libs', '1:3.0.7-16.el9', { name: 'openssl', version: '1:3.0.7-16.el9' });
    const rhel = { id: 'rhel', version: '9.2', like: ['fedora'] };
    expect(await only(range('Red Hat:enterprise_linux:9::appstream', 'openssl-libs', '1:3.0.7-18.el9_2'), libs, 'Red Hat', rhel)).toBeDefined();
    expect(await only(range('Red Hat:enterprise_linux:8::baseos', 'openssl-libs', '1:3.0.7-18.el9_2'), libs, 'Red Hat', rhel)).toBeUndefined();
    expect(await only(range('Red Hat:rhel_eus:9.2::baseos', 'openssl-libs', '1:3.0.7-18.el9_2'), libs, 'Red Hat', rhel)).toBeUndefined();
    const alma = { id: 'almalinux', version: '9.4', like: ['rhel'] };
    expect(await only(range('AlmaLinux:9', 'openssl-libs', '1:3.0.7-18.el9_2'), libs, 'AlmaLinux', alma)).toBeDefined();
    expect(await only(range('AlmaLinux:9', 'openssl', '1:3.0.7-18.el9_2'), libs, 'AlmaLinux', alma)).toBeDefined();
  });

  test.each([
    ['Maven', 'org.apache.logging.log4j:log4j-core', 'java', 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1'],
    ['Go', 'golang.org/x/net', 'go', 'pkg:golang/golang.org/x/net@v0.1.0'],
    ['Go', 'stdlib', 'go', 'pkg:golang/stdlib@1.21.3'],
    ['npm', '@angular/core', 'npm', 'pkg:npm/%40angular/core@1.0.0'],
    ['NuGet', 'Newtonsoft.Json', 'dotnet', 'pkg:nuget/newtonsoft.json@1.0.0'],
    ['Packagist', 'Symfony/HTTP-Kernel', 'php', 'pkg:composer/symfony/http-kernel@1.0.0'],
    ['crates.io', 'time', 'rust', 'pkg:cargo/time@0.1.40'],
  ])('%s: %s', async (ecosystem, name, type, purl) => {
    const records = [advisory({ id: 'X-1', ecosystem, name, type: ecosystem === 'Go' || ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '9000.0.0' }] })];
    expect(await only(records, language(type, purl), ecosystem)).toMatchObject({ id: 'X-1', fixedIn: ['9000.0.0'] });
  });

  test('what has no advisories in OSV format is named with the number of packages', async () => {
    const { uncovered } = await answer(exportsOf({ npm: [advisory({ id: 'X-1' })] }), [
      language('lua', 'pkg:luarocks/lpeg@1.0'), language('lua', 'pkg:luarocks/lua-cjson@2.1'), language('java', 'pkg:maven/unknown-jar@1.0'), osPackage('rpm', 'bash', '5.2-1.amzn2023'), language('gem', 'pkg:gem/rack@2.1.4'),
    ], { id: 'amzn', version: '2023', like: ['fedora'] });
    expect(uncovered).toEqual([
      { ecosystem: 'Maven', packages: 1, why: 'archives that do not say their group id cannot be looked up' },
      { ecosystem: 'RubyGems', packages: 1, why: expect.stringContaining('has no advisories of RubyGems'), missedBy: 'non-os' },
      { ecosystem: 'amzn:2023', packages: 1, why: 'nobody publishes advisories of Amazon Linux in OSV format', missedBy: 'os' },
      { ecosystem: 'lua', packages: 2, why: 'there is no ecosystem of advisories in OSV format for it' },
    ]);
  });
});

describe('what a match says', () => {
  test('withdrawn records are dropped', async () => {
    expect(await only([advisory({ id: 'X-1', withdrawn: '2026-02-01T00:00:00Z' })], language('npm', 'pkg:npm/left-pad@1.0.0'), 'npm')).toBeUndefined();
  });

  test('severity through the CVE’s own record where the advisory has none', async () => {
    const cve = advisory({ id: 'CVE-2026-1000', affected: [], severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] });
    const match = await only([advisory({ id: 'PYSEC-1', aliases: ['CVE-2026-1000'] }), cve], language('npm', 'pkg:npm/left-pad@1.0.0'), 'npm');
    expect(match).toMatchObject({ id: 'CVE-2026-1000', severity: 'critical', cvss: [{ base: 9.8, by: 'nvd' }] });
  });

  test.each([[['CVE-2026-1000'], 'critical'], [['CVE-2026-1000', 'CVE-2026-1001'], 'unknown'], [[], 'unknown']])('severity through what a record without a CVE calls related: %j is %s', async (related, severity) => {
    const cve = advisory({ id: 'CVE-2026-1000', affected: [], severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] });
    expect(await only([advisory({ id: 'PYSEC-1', related }), cve], language('npm', 'pkg:npm/left-pad@1.0.0'), 'npm')).toMatchObject({ id: 'PYSEC-1', aliases: [], severity });
  });

  test('of two records about one vulnerability the later fix counts', async () => {
    const match = await only([
      advisory({ id: 'GHSA-1', aliases: ['CVE-2026-1000'], database_specific: { severity: 'HIGH' } }),
      advisory({ id: 'OTHER-1', aliases: ['CVE-2026-1000'], events: [{ introduced: '0' }, { fixed: '2.0.1' }] }),
    ], language('npm', 'pkg:npm/left-pad@1.0.0'), 'npm');
    expect(match).toMatchObject({ id: 'CVE-2026-1000', aliases: ['GHSA-1', 'OTHER-1'], severity: 'high', fixedIn: ['2.0.1'], fixedAt: '2026-01-01T00:00:00Z', matchedBy: 'GHSA-1 affected[0].ranges[0] (SEMVER) [0, 2.0.0); OTHER-1 affected[0].ranges[0] (SEMVER) [0, 2.0.1)' });
  });

  test.each([
    ['Debian', 'Debian:12', { urgency: 'unimportant' }, 'unimportant', 'negligible'], ['Debian', 'Debian:12', { urgency: 'end-of-life' }, 'end-of-life', 'unknown'],
    ['Debian', 'Debian:12', { nodsa: 'Minor issue', nodsa_reason: 'ignored', urgency: 'low' }, 'ignored', 'low'], ['Debian', 'Debian:12', { nodsa: 'Minor issue', urgency: 'low' }, 'no-dsa', 'low'], ['Debian', 'Debian:12', { urgency: 'high' }, '', 'high'],
  ])('%s %s %j: won’t fix "%s"', async (base, ecosystem, specific, wontFix, severity) => {
    const records = [advisory({ id: 'DEBIAN-CVE-2026-1000', upstream: ['CVE-2026-1000'], affected: [{ package: { ecosystem, name: 'x' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }], ecosystem_specific: specific }] })];
    expect(await only(records, osPackage('dpkg', 'x', '1'), base)).toMatchObject({ wontFix, severity, fixedIn: [], fixedAt: '' });
  });

  test('without catalogues exploits are unknown, not absent; with them, known', async () => {
    const { writeFileSync } = await import('node:fs');
    const directory = exportsOf({ npm: [advisory({ id: 'GHSA-1', aliases: ['CVE-2026-1000'] })] });
    const found = [language('npm', 'pkg:npm/left-pad@1.0.0')];
    expect(await answer(directory, found)).toMatchObject({ hasKnownExploited: false, hasEpss: false, matches: [{ knownExploited: null, epss: null }] });
    writeFileSync(`${directory}/kev.json`, JSON.stringify({ vulnerabilities: [{ cveID: 'CVE-2026-1000' }] }));
    writeFileSync(`${directory}/epss.csv`, '#model_version:v1\ncve,epss,percentile\nCVE-2026-1000,0.42,0.9\nCVE-2026-2000,0.1,0.1\n');
    expect(await answer(directory, found)).toMatchObject({ hasKnownExploited: true, hasEpss: true, matches: [{ knownExploited: true, epss: 0.42 }] });
  });
});

test('a new advisory changes the answer about a report of last month', async () => {
  const directory = exportsOf({ npm: [advisory({ id: 'X-1', name: 'other' })] });
  const stored = [language('npm', 'pkg:npm/left-pad@1.0.0')];
  const cacheDir = scratch();
  expect((await answer(directory, stored, DEBIAN_12, cacheDir)).matches).toEqual([]);
  exportsOf({ npm: [advisory({ id: 'X-1', name: 'other' }), advisory({ id: 'X-2', database_specific: { severity: 'CRITICAL' } })] }, directory);
  expect(brief(await answer(directory, stored, DEBIAN_12, cacheDir))).toEqual(['X-2 left-pad@1.0.0 critical → 2.0.0']);
});

test('one source answers for many images, and the same each time', async () => {
  const source = await openAdvisories(fixture('advisories/exports'), { cacheDir: scratch(), now: () => NOW });
  const packages = [language('npm', 'pkg:npm/lodash@4.17.15'), language('python', 'pkg:pypi/urllib3@1.26.4')];
  const first = await source?.match(packages, DEBIAN_12);
  expect(await source?.match(packages, DEBIAN_12)).toEqual(first);
  expect(await source?.match([language('npm', 'pkg:npm/lodash@4.99.0')], DEBIAN_12)).toMatchObject({ matches: [] });
  await source?.close();
});
