import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openAdvisories } from '../../../src/evaluation/advisories/open.js';
import { parseRecord } from '../../../src/evaluation/advisories/parseRecord.js';
import { advisory, DEBIAN_12, language, parsed, scratch, zipOf } from './build.js';

test.each([
  [null, 'the record'], [[], 'the record'], ['text', 'the record'], [{}, 'id'], [{ id: 'X-1' }, 'modified'], [{ id: 7, modified: '2026-01-01T00:00:00Z' }, 'id'], [{ id: 'X-1', modified: '', aliases: 'CVE-1' }, 'aliases'], [{ id: 'X-1', modified: '', affected: {} }, 'affected'],
])('%j is no record, because of %s', (value, where) => expect(parseRecord(value)).toEqual(expect.stringContaining(where)));

test.each([
  ['a range of a type nobody knows', { ranges: [{ type: 'MAGIC', events: [{ introduced: '0' }] }] }, 'ranges[0] has the type "MAGIC"'],
  ['an event that is none', { ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { mended: '2' }] }] }, 'none of introduced'],
  ['an event without a version', { ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: 2 }] }] }, 'event fixed without a version'],
  ['no introduction', { ranges: [{ type: 'SEMVER', events: [{ fixed: '2.0.0' }] }] }, 'does not say where it is introduced'],
  ['no events', { ranges: [{ type: 'SEMVER' }] }, 'does not say where it is introduced'],
  ['versions that are not text', { versions: [1, 2] }, 'versions.0'],
  ['ranges that are no list', { ranges: 'all' }, 'ranges'],
])('a statement that breaks the schema is kept under its package’s name: %s', (_, more, why) => {
  const { statements } = parsed(advisory({ id: 'X-1', affected: [{ package: { ecosystem: 'npm', name: 'left-pad' }, ...more }] }));
  expect(statements).toMatchObject([{ affected: { ecosystem: 'npm', name: 'left-pad' }, broken: expect.stringContaining(why) }]);
});

test('the summary is one line and not long; the address is the vendor’s only if it is one', () => {
  expect(parsed(advisory({ id: 'X-1', details: '\n## Impact\nBad things' })).record.summary).toBe('Impact');
  expect(parsed(advisory({ id: 'X-1', summary: 'x'.repeat(1000) })).record.summary).toHaveLength(240);
  expect(parsed(advisory({ id: 'X-1', references: [{ type: 'ADVISORY', url: 'javascript:alert(1)' }] })).record.url).toBe('https://osv.dev/vulnerability/X-1');
  expect(parsed(advisory({ id: 'X-1', references: [{ type: 'ADVISORY', url: 'https://example.com/1' }] })).record.url).toBe('https://example.com/1');
});

test('whatever the JSON, it is a record or a sentence, never a crash', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const one = parseRecord({ ...advisory({ id: 'X-1' }), affected: value });
    expect(typeof one === 'string' || one.record.id === 'X-1').toBe(true);
  }), { numRuns: 500 });
});

describe('broken records are told', () => {
  async function problems(zip: Buffer): Promise<readonly string[]> {
    const directory = scratch();
    mkdirSync(join(directory, 'npm'));
    writeFileSync(join(directory, 'npm', 'all.zip'), zip);
    const source = await openAdvisories(directory, { cacheDir: scratch() });
    const found = await source?.match([language('npm', 'pkg:npm/left-pad@1.0.0')], DEBIAN_12);
    await source?.close();
    return found?.problems ?? [];
  }

  test('files that hold none, with their names and number', async () => {
    expect(await problems(zipOf([advisory({ id: 'X-1' })], { 'BAD-1.json': '{"id":', 'BAD-2.json': '[]' }))).toEqual([expect.stringMatching(/^2 advisories of npm break the schema and were left out: BAD-1\.json \(no JSON\), BAD-2\.json/)]);
  });

  test('what one says of an installed package', async () => {
    const broken = advisory({ id: 'X-9', affected: [{ package: { ecosystem: 'npm', name: 'left-pad' }, ranges: [{ type: 'SEMVER', events: [{ fixed: '2.0.0' }] }] }] });
    expect(await problems(zipOf([broken]))).toEqual([expect.stringMatching(/^X-9 says of left-pad what breaks the schema \(ranges\[0\] does not say where it is introduced\): look at/)]);
  });

  test('but not what one says of others', async () => {
    const broken = advisory({ id: 'X-9', affected: [{ package: { ecosystem: 'npm', name: 'other' }, ranges: [{ type: 'MAGIC' }] }] });
    expect(await problems(zipOf([advisory({ id: 'X-1' }), broken]))).toEqual([]);
  });
});
