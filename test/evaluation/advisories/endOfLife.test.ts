import { expect, test } from '@jest/globals';
import { endOfLife } from '../../../src/evaluation/advisories/endOfLife.js';

test.each([
  ['debian', '12', '2028-06-30'], ['debian', '11.9', '2026-08-31'], ['Debian', '9', '2022-07-01'], ['ubuntu', '22.04', '2027-04-01'], ['alpine', '3.20.3', '2026-04-01'],
  ['alpine', '3.9.6', '2020-11-01'], ['rhel', '9.4', '2032-05-31'], ['centos', '8', '2021-12-31'], ['amzn', '2018.03', '2023-12-31'], ['amzn', '2023', '2029-06-30'], ['sles', '15', '2019-12-31'],
  ['sles', '15.6', '2025-12-31'], ['opensuse-leap', '15.6', '2026-04-30'],
])('%s %s ends on %s', (id, version, date) => expect(endOfLife(id, version)?.date).toBe(date));

test.each([['debian', 'unstable'], ['wolfi', '20230201'], ['alpine', '3.99'], ['__proto__', '1'], ['debian', 'constructor'], ['', '']])('%s %s is not known', (id, version) => {
  expect(endOfLife(id, version)).toBeNull();
});
