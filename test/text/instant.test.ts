import { expect, test } from '@jest/globals';
import { readDateOrInstant, readInstant } from '../../src/text/instant.js';

test.each([
  ['2026-12-31', '2026-12-31T00:00:00Z'],
  ['2026-12-31T10:00', '2026-12-31T10:00Z'],
  ['2026-12-31T10:00:00', '2026-12-31T10:00:00Z'],
  [' 2026-12-31 10:00:00z ', '2026-12-31T10:00:00Z'],
  ['2026-12-31T10:00:00.123+02:00', '2026-12-31T10:00:00.123+02:00'],
  ['2028-02-29', '2028-02-29T00:00:00Z'],
])('%j is %s', (text, instant) => {
  expect(readInstant(text)).toBe(instant);
});

test.each(['', 'soon', '2026-02-30', '2026-13-01', '2027-02-29', '12/31/2026', '2026', '2026-12-31T25:00:00Z', 'Dec 31 2026', '2026-12-31Tx'])('%j is none', (text) => {
  expect(() => readInstant(text)).toThrow(/is no date such as/);
});

test('a date alone stays one', () => {
  expect(readDateOrInstant('2026-12-31')).toBe('2026-12-31');
  expect(readDateOrInstant('2026-12-31T00:00:00Z')).toBe('2026-12-31T00:00:00Z');
});
