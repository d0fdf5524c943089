import { describe, expect, test } from '@jest/globals';
import { scoreOf, ratingOf } from '../../../src/evaluation/advisories/cvss.js';
import { gravityOf } from '../../../src/evaluation/advisories/severity.js';
import { advisory, affectedOf, parsed } from './build.js';

// base scores as NVD and FIRST's own calculators and examples have them
test.each([
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 9.8, 'critical'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', '3.1', 10, 'critical'],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', '3.0', 6.1, 'medium'],
  ['CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:N/A:N', '3.1', 2.3, 'low'],
  ['AV:N/AC:L/Au:N/C:P/I:P/A:P', '2.0', 7.5, 'high'],
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', '2.0', 10, 'high'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 9.3, 'critical'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', '3.1', 0, 'negligible'],
] as const)('%s', (vector, version, base, rating) => {
  const score = scoreOf(vector, 'nvd');
  expect(score).toMatchObject({ version, base, vector, by: 'nvd' });
  expect(score === null ? null : ratingOf(score)).toBe(rating);
  expect(score?.exploitability === null).toBe(version === '4.0');
});

test('a record of malware that does not say how grave it is stays unknown', () => {
  const record = advisory({ id: 'MAL-2026-1000' });
  expect(gravityOf(parsed(record).record, affectedOf(record)).severity).toBe('unknown');
});

test.each(['', 'garbage', 'CVSS:3.1/AV:N', 'CVSS:9.9/AV:N/AC:L', 'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '7.5', `CVSS:3.1/${'AV:N/'.repeat(1000)}`])('%j is no vector', (vector) => {
  expect(scoreOf(vector, 'nvd')).toBeNull();
});

describe('whose word counts', () => {
  const vector = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' };
  test.each([
    ['the vendor’s for this package', { severity: [vector], affected: [{ package: { ecosystem: 'Debian:12', name: 'x' }, versions: ['1'], ecosystem_specific: { urgency: 'unimportant' } }] }, 'negligible'],
    ['Debian’s starred word', { affected: [{ package: { ecosystem: 'Debian:12', name: 'x' }, versions: ['1'], ecosystem_specific: { urgency: 'low**' } }] }, 'low'],
    ['Ubuntu’s priority before a vector', { severity: [vector, { type: 'Ubuntu', score: 'medium' }] }, 'medium'],
    ['the database’s before a vector', { severity: [vector], database_specific: { severity: 'MODERATE' } }, 'medium'],
    ['Red Hat’s word', { database_specific: { severity: 'Important' } }, 'high'],
    ['a word that says nothing leaves it to the vector', { severity: [vector], affected: [{ package: { ecosystem: 'Debian:12', name: 'x' }, versions: ['1'], ecosystem_specific: { urgency: 'not yet assigned' } }] }, 'critical'],
    ['nothing at all is unknown', {}, 'unknown'],
    ['a vector that is none is unknown', { severity: [{ type: 'CVSS_V3', score: 'high' }] }, 'unknown'],
  ])('%s', (_, more, severity) => {
    const record = advisory({ id: 'X-1', ...more });
    expect(gravityOf(parsed(record).record, affectedOf(record)).severity).toBe(severity);
  });

  test('v3 comes before v4 before v2; scores of CVE records are NVD’s', () => {
    const severity = [{ type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' }, { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' }, vector];
    expect(gravityOf(parsed(advisory({ id: 'GHSA-1', severity })).record, null).cvss.map(({ version, by }) => `${version} ${by}`)).toEqual(['3.1 vendor', '4.0 vendor', '2.0 vendor']);
    expect(gravityOf(parsed(advisory({ id: 'DEBIAN-CVE-2024-1', severity: [vector] })).record, null).cvss[0]?.by).toBe('nvd');
  });
});
