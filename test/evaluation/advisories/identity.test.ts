import { describe, expect, test } from '@jest/globals';
import { claimsOf, grouped } from '../../../src/evaluation/advisories/identity.js';
import { advisory, parsed } from './build.js';

function groups(...records: readonly Record<string, unknown>[]): unknown {
  const claims = records.map((one) => parsed(one).record).flatMap((record) => claimsOf(record, true).map((claim) => ({ claim, item: record.id })));
  return grouped(claims).map(({ id, aliases, items }) => ({ id, aliases, items })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe('one vulnerability under several names is one', () => {
  test('GHSA and PYSEC by the CVE they share', () => {
    expect(groups(advisory({ id: 'PYSEC-2021-1', aliases: ['CVE-2021-1000', 'GHSA-aaaa-bbbb-cccc'] }), advisory({ id: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2021-1000'] }))).toEqual([
      { id: 'CVE-2021-1000', aliases: ['GHSA-aaaa-bbbb-cccc', 'PYSEC-2021-1'], items: ['PYSEC-2021-1', 'GHSA-aaaa-bbbb-cccc'] },
    ]);
  });

  test('through a third record', () => {
    expect(groups(advisory({ id: 'GO-1' }), advisory({ id: 'GHSA-x', aliases: ['CVE-2020-1111'] }), advisory({ id: 'OTHER-1', aliases: ['GO-1', 'GHSA-x'] }))).toEqual([
      { id: 'CVE-2020-1111', aliases: ['GHSA-x', 'GO-1', 'OTHER-1'], items: ['GO-1', 'GHSA-x', 'OTHER-1'] },
    ]);
  });

  test('a distribution’s advisory on several CVEs is a finding for each, and does not make them one', () => {
    expect(groups(advisory({ id: 'DSA-1-1', upstream: ['CVE-2023-1001', 'CVE-2023-1002'] }), advisory({ id: 'DEBIAN-CVE-2023-1001', upstream: ['CVE-2023-1001'] }))).toEqual([
      { id: 'CVE-2023-1001', aliases: ['DEBIAN-CVE-2023-1001', 'DSA-1-1'], items: ['DSA-1-1', 'DEBIAN-CVE-2023-1001'] },
      { id: 'CVE-2023-1002', aliases: ['DSA-1-1'], items: ['DSA-1-1'] },
    ]);
  });

  test('a copy of a CVE names it, though its record does not say so', () => {
    expect(groups(advisory({ id: 'UBUNTU-CVE-2026-1000' }), advisory({ id: 'USN-1-1', upstream: ['CVE-2026-1000'] }))).toEqual([
      { id: 'CVE-2026-1000', aliases: ['UBUNTU-CVE-2026-1000', 'USN-1-1'], items: ['UBUNTU-CVE-2026-1000', 'USN-1-1'] },
    ]);
  });

  test('Wolfi’s CVE and GHSA of one record are one', () => {
    expect(groups(advisory({ id: 'CGA-1', upstream: ['CVE-2024-34156', 'GHSA-crqm-pwhx-j97f'] }))).toEqual([{ id: 'CVE-2024-34156', aliases: ['CGA-1', 'GHSA-crqm-pwhx-j97f'], items: ['CGA-1'] }]);
  });

  test('older records have related for upstream', () => {
    expect(groups(advisory({ id: 'ALSA-1', related: ['CVE-2022-1001', 'CVE-2022-1002'] }))).toHaveLength(2);
    expect(claimsOf(parsed(advisory({ id: 'GHSA-1', related: ['CVE-2022-1001', 'CVE-2022-1002'] })).record, false)).toHaveLength(1);
  });

  test('several CVEs as aliases are one, by the schema: the oldest gives the name', () => {
    expect(groups(advisory({ id: 'GO-2021-0159', aliases: ['CVE-2015-5741', 'CVE-2015-5739'] }))).toEqual([{ id: 'CVE-2015-5739', aliases: ['CVE-2015-5741', 'GO-2021-0159'], items: ['GO-2021-0159'] }]);
  });

  test('without a CVE the record’s own name, GitHub’s first', () => {
    expect(groups(advisory({ id: 'RUSTSEC-2020-1', aliases: ['GHSA-a'] }))).toEqual([{ id: 'GHSA-a', aliases: ['RUSTSEC-2020-1'], items: ['RUSTSEC-2020-1'] }]);
    expect(groups(advisory({ id: 'MAL-2024-1' }))).toEqual([{ id: 'MAL-2024-1', aliases: [], items: ['MAL-2024-1'] }]);
  });
});
