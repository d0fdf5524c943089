import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import nodeSemver from 'semver';
import { compare, schemeOf } from '../../../../src/evaluation/advisories/versions/index.js';

function order(ecosystem: string, a: string, b: string): number {
  const scheme = schemeOf(ecosystem);
  if (scheme === undefined) throw new Error(`no scheme for ${ecosystem}`);
  return compare(scheme, a, b);
}

describe('schemes without a public file of cases', () => {
  // vercmp(8) of pacman, and its test/util/vercmptest.sh for the odd ones
  test.each([
    ['1.5.0', '<', '1.5.1'], ['1.5.1', '=', '1.5.1'], ['1.5-1', '<', '1.5.1-1'], ['1.5-2', '>', '1.5-1'], ['1.5', '=', '1.5-1'],
    ['1.5b-1', '<', '1.5-1'], ['1.5b', '<', '1.5.1'], ['1.0a', '<', '1.0alpha'], ['1.0alpha', '<', '1.0b'], ['1.0beta', '<', '1.0rc'], ['1.0rc', '<', '1.0'],
    ['1.5.a', '>', '1.5'], ['1.5.b', '>', '1.5.a'], ['1.5.1', '>', '1.5.b'], ['2.0', '=', '2_0'], ['2.0a', '<', '2.0.a'], ['2.0_a', '=', '2_0.a'], ['2___a', '>', '2_a'],
    ['0:1.0', '=', '1.0'], ['1:1.0', '>', '2.0'], ['001a', '=', '1a'],
  ] as const)('pacman: %s %s %s', (a, sign, b) => {
    expect(order('Arch Linux', a, b)).toBe({ '<': -1, '=': 0, '>': 1 }[sign]);
  });

  // the order that conda's own documentation of VersionOrder gives, oldest first
  const CONDA = ['0.4', '0.4.1.rc', '0.4.1', '0.5a1', '0.5b3', '0.5C1', '0.5', '0.9.6', '0.960923', '1.0', '1.1dev1', '1.1a1', '1.1.0dev1', '1.1.a1', '1.1.0rc1', '1.1.0', '1.1.0post1', '1.1post1', '1996.07.12', '1!0.4.1', '1!3.1.1.6', '2!0.4.1'];
  test.each(CONDA.slice(1).map((later, index) => [CONDA[index] ?? '', later] as const))('conda: %s is before %s', (a, b) => {
    expect(order('conda', a, b)).toBe(-1);
  });
  test.each([['0.4', '0.4.0'], ['0.4.1.rc', '0.4.1.RC'], ['1.1.dev1', '1.1.0dev1'], ['1.1.0post1', '1.1.post1']])('conda: %s is %s', (a, b) => {
    expect(order('conda', a, b)).toBe(0);
  });

  // https://go.dev/ref/mod#pseudo-versions; the toolchain as golang/vulndb writes it
  test.each([
    ['v1.2.3', '=', '1.2.3'], ['v2.0.0+incompatible', '=', '2.0.0'],
    ['v0.0.0-20191109021931-daa7c04131f5', '<', '0.0.0-20200101000000-000000000000'], ['v1.2.4-0.20191109021931-daa7c04131f5', '<', '1.2.4'],
    ['v1.2.4-0.20191109021931-daa7c04131f5', '>', '1.2.3'], ['v1.2.3-pre.0.20191109021931-daa7c04131f5', '>', '1.2.3-pre'],
    ['go1.22.1', '=', '1.22.1'], ['go1.22', '=', '1.22.0'], ['go1.22rc1', '=', '1.22.0-rc.1'], ['go1.22rc1', '<', '1.22.0'], ['go1.21.13', '<', '1.22.0-0'],
    ['go1.22.1 X:boringcrypto', '=', '1.22.1'], ['go1.20.4-fips', '=', '1.20.4'], ['1.22rc1', '=', '1.22.0-rc.1'],
  ] as const)('Go: %s %s %s', (a, sign, b) => {
    expect(order('Go', a, b)).toBe({ '<': -1, '=': 0, '>': 1 }[sign]);
  });
});

// Pairs that once came out otherwise than of the ecosystem's own tool, with what that says: docs/comparison-advisories.md
describe('as the ecosystem’s own tool', () => {
  test.each([
    // apk-tools 3.0.6, src/version.c
    ['Alpine', '1.2.3-r0', '>', '1.2.3'], ['Alpine', '1.2.0', '>', '1.2'], ['Alpine', '1.0_p0', '>', '1.0_p'], ['Alpine', '1.2.0_rc1', '>', '1.2'], ['Alpine', '3.00a-r10', '>', '3.0a_p1_git20240101-r2'],
    ['Alpine', '1.1a~c5d9f0b', '>', '1.1a~29e95cf'], ['Alpine', '49.00.0.19-r10', '<', '49.00.0.19~e824118-r1'], ['Alpine', '1.0_git1~abc-r2', '=', '1.0_git1~abc-r2'], ['Alpine', '9.00~016acdf-r1', '>', '9z_svn_rc20240101'],
    // vercmp of pacman 6.0.2
    ['Arch Linux', '1-1', '<', '1-1+'], ['Arch Linux', '1.0.1', '<', '1.0.1.'], ['Arch Linux', 'a_', '>', 'a'], ['Arch Linux', '1.', '>', '1.a'], ['Arch Linux', '5.0', '>', ':5.0b'], ['Arch Linux', '1._', '=', '1.-'],
    // conda 26's VersionOrder
    ['conda', '1.0.1_', '<', '1.0.1'], ['conda', '1.0.1_', '<', '1.0.1a'], ['conda', '9e', '<', '9e_'], ['conda', '19_+1.2', '<', '19.dev1'], ['conda', '0.5C1-', '<', '0.5C1'], ['conda', '1_', '<', '1._'],
    // PHP 8.2's version_compare and Composer's Semver 3.3
    ['Packagist', '2.x-dev', '>', '2.99.0'], ['Packagist', '2.1.x-dev', '<', '2.2.0'], ['Packagist', '2.26.0+meta', '>', '2.26.0-rc1'], ['Packagist', '3+meta', '=', '3'], ['Packagist', '9.0.0-dev', '>', '9.0.0-foo'],
    ['Packagist', '1.8..10', '>', '1.8.9'], ['Packagist', '5.0.11', '=', '5.-0.11'], ['Packagist', '1.0.0--rc.3', '=', '1.0.0-rc.3'], ['Packagist', '4.3.6', '>', '4.3.6.'],
  ] as const)('%s: %s %s %s', (ecosystem, a, sign, b) => {
    expect(order(ecosystem, a, b)).toBe({ '<': -1, '=': 0, '>': 1 }[sign]);
    expect(order(ecosystem, b, a) + order(ecosystem, a, b)).toBe(0);
  });
});

describe('what is a version at all', () => {
  test.each([
    ['npm', '4.17.21'], ['npm', 'v1.0.0-rc.1+x'], ['PyPI', '1.0.post1'], ['PyPI', '0.1-bulbasaur'], ['Debian', '1:2.38.1-5+deb12u3'], ['Alpine', '3.0.1_git20220101-r0'],
    ['Red Hat', '1:1.1.1k-7.el8_6'], ['Maven', '31.1-jre'], ['Go', 'v0.0.0-20191109021931-daa7c04131f5'], ['Go', 'go1.22rc1'], ['RubyGems', '1.11.0-x86_64-linux'],
  ])('%s reads %s', (ecosystem, version) => expect(schemeOf(ecosystem)?.reads(version)).toBe(true));

  test.each([
    ['npm', ''], ['npm', 'workspace:*'], ['npm', 'file:../x'], ['PyPI', 'unknown'], ['Maven', '${project.version}'], ['Go', '(devel)'], ['Debian', ''],
    ['Red Hat', '(none)'], ['Packagist', 'dev-main'], ['Alpine', 'latest'], ['NuGet', '*'], ['npm', '1'.repeat(600)],
  ])('%s does not read %s', (ecosystem, version) => expect(schemeOf(ecosystem)?.reads(version)).toBe(false));

  test('an ecosystem that nobody knows has no scheme', () => expect(schemeOf('Plan 9:4')).toBeUndefined());
});

describe('every scheme is an order', () => {
  const ECOSYSTEMS = ['Debian', 'Red Hat', 'Alpine', 'PyPI', 'npm', 'Maven', 'RubyGems', 'NuGet', 'Packagist', 'Go', 'Pub', 'CRAN', 'Hackage', 'conda', 'Arch Linux'];
  const piece = fc.constantFrom('0', '1', '2', '10', '01', 'a', 'b', 'rc', 'alpha', 'dev', 'p', 'final', 'sp', '.', '-', '_', '~', '^', '+', ':', '!');
  const version = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));

  test.each(ECOSYSTEMS)('%s: itself is equal, turning round turns the sign', (ecosystem) => {
    fc.assert(fc.property(version, version, (a, b) => {
      expect(order(ecosystem, a, a)).toBe(0);
      expect(order(ecosystem, a, b) + order(ecosystem, b, a)).toBe(0);
    }), { numRuns: 300 });
  });

  test('SemVer: as the semver package, where that reads both', () => {
    const strict = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30), fc.constantFrom('', '-0', '-1', '-rc.1', '-rc.10', '-rc.2', '-a-b', '-alpha.beta'), fc.constantFrom('', '+x', '+1.2'))
      .map(([major, minor, patch, pre, build]) => `${major}.${minor}.${patch}${pre}${build}`);
    fc.assert(fc.property(strict, strict, (a, b) => expect(order('npm', a, b)).toBe(nodeSemver.compare(a, b))), { numRuns: 1000 });
  });
});
