import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openAdvisories } from '../../../src/evaluation/advisories/open.js';
import type { ScannedPackage } from '../../../src/report/scanned.js';
import { DEBIAN_11, language, osPackage, scratch } from './build.js';

const TRUTH = 'test/fixtures/advisories/truth';
const WOLFI = { id: 'wolfi', version: '20230201', like: [] };

type Make = (name: string, version: string) => ScannedPackage;

function of(type: string, purlType: string): Make {
  const path = (name: string): string => name.split('/').map(encodeURIComponent).join('/');
  return (name, version) => language(type, `pkg:${purlType}/${path(name)}@${encodeURIComponent(version)}`, { name, version });
}

/** Packages with the records that apply to them, as a person read them. */
function listed(name: string): readonly (readonly [name: string, version: string, records: readonly string[]])[] {
  const [, ...rows] = readFileSync(join(TRUTH, `${name}.tsv`), 'utf8').trimEnd().split('\n');
  return rows.map((row) => row.split('\t')).map(([found = '', version = '', records = '']) => [found, version, records === '' ? [] : records.split(' ')]);
}

test.each([
  ['webshop', of('npm', 'npm'), DEBIAN_11, 34],
  ['pyapi', of('python', 'pypi'), DEBIAN_11, 35],
  ['python', of('python', 'pypi'), DEBIAN_11, 8],
  ['go', of('go', 'golang'), DEBIAN_11, 8],
  ['rust', of('rust', 'cargo'), DEBIAN_11, 1],
  ['wolfi', ((name, version) => osPackage('apk', name, version)) as Make, WOLFI, 6],
  ['bullseye', ((name, version) => osPackage('dpkg', name, version)) as Make, DEBIAN_11, 4],
] as const)('%s: exactly the records that apply by their own text', async (list, make, distro, count) => {
  const packages = listed(list);
  expect(packages.flatMap(([, , records]) => records)).toHaveLength(count);
  const source = await openAdvisories(join(TRUTH, 'exports'), { cacheDir: scratch() });
  const answer = await source?.match(packages.map(([name, version]) => make(name, version)), distro);
  await source?.close();
  expect(answer?.uncovered).toEqual([]);
  const found = new Map<string, Set<string>>();
  for (const { package: { name, version }, matchedBy } of answer?.matches ?? []) {
    const key = `${name} ${version}`;
    const records = found.get(key) ?? new Set();
    for (const rule of matchedBy.split('; ')) records.add(rule.split(' ', 1)[0] ?? '');
    found.set(key, records);
  }
  const expected = packages.filter(([, , records]) => records.length > 0).map(([name, version, records]) => [`${name} ${version}`, [...records].sort()]);
  expect([...found].map(([key, records]) => [key, [...records].sort()]).sort()).toEqual(expected.sort());
});
