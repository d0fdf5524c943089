import { describe, expect, test } from '@jest/globals';
import { listFindings } from '../../src/output/explainFinding.js';
import { findFindings, nearestNames } from '../../src/output/findFindings.js';
import { fingerprint } from '../../src/output/fingerprint.js';
import { evaluation, hostileFindings, SHOP_FINDINGS } from './sample.js';

const shop = evaluation(SHOP_FINDINGS);
const names = (name: string): string[] => findFindings(shop, name).map(({ finding }) => finding.vulnerability?.id ?? finding.id);

describe('a finding by what a person calls it', () => {
  const [first] = SHOP_FINDINGS.filter(({ vulnerability }) => vulnerability?.id === 'CVE-2019-10744');
  test.each<[string, string, string]>([
    ['the id of a vulnerability', 'CVE-2019-10744', 'CVE-2019-10744'],
    ['in any case, with blanks', ' cve-2019-10744 ', 'CVE-2019-10744'],
    ['an alias', 'GHSA-jf85-cpcp-j695', 'CVE-2019-10744'],
    ['the id of a finding', '1'.repeat(32), '1'.repeat(32)],
    ['its beginning', '111111', '1'.repeat(32)],
    ['a fingerprint', first === undefined ? '' : fingerprint(first), 'CVE-2019-10744'],
  ])('%s', (_, name, found) => expect(names(name)).toEqual([found]));
  test('a package: all that it has, gravest first', () => {
    const found = findFindings(shop, 'lodash').map(({ finding }) => finding.vulnerability?.package.name);
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found)).toEqual(new Set(['lodash']));
  });
  test('a path', () => expect(findFindings(shop, '/srv/webshop/node_modules/lodash/package.json').length).toBeGreaterThan(0));
  test.each(['', ' ', '11111', 'lodas', 'CVE-2019'])('%j is none', (name) => expect(names(name)).toEqual([]));
});

describe('nearest names', () => {
  test.each([['CVE-2019-1074', 'CVE-2019-10744'], ['ghsa-jf85-cpcp-j659', 'GHSA-jf85-cpcp-j695'], ['loadsh', 'lodash']])('%s: %s', (name, near) => expect(nearestNames(shop, name, 5)[0]).toBe(near));
  test('none is near', () => expect(nearestNames(shop, 'something-else-altogether', 5)).toEqual([]));
});

test('all findings, each by a name that finds it, and nothing that steers the terminal', () => {
  const all = evaluation([...SHOP_FINDINGS, ...hostileFindings]);
  const rows = listFindings(all, (text) => text).trimEnd().split('\n');
  expect(rows.length).toBeGreaterThan(SHOP_FINDINGS.length / 2);
  for (const row of rows) expect(row).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  for (const row of listFindings(shop, (text) => text).trimEnd().split('\n')) expect(findFindings(shop, row.split(' ')[0] ?? '').length).toBeGreaterThan(0);
});
