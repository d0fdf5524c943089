import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openIndex, type AdvisoryIndex } from '../../../src/evaluation/advisories/index/open.js';
import { openAdvisories } from '../../../src/evaluation/advisories/open.js';
import type { Statement } from '../../../src/evaluation/advisories/record.js';
import { advisory, DEBIAN_12, exportsOf, language, osPackage, parsed, scratch } from './build.js';

const RECORDS = Array.from({ length: 200 }, (_, index) => advisory({ id: `X-${index}`, name: `package-${index % 50}`, aliases: [`CVE-2026-${1000 + index}`], summary: 'é'.repeat(index) }));

async function matches(directory: string, cacheDir: string, name: string): Promise<readonly string[]> {
  const source = await openAdvisories(directory, { cacheDir });
  const found = await source?.match([language('npm', `pkg:npm/${name}@1.0.0`)], DEBIAN_12);
  await source?.close();
  return found?.matches.map(({ id }) => id) ?? [];
}

function indexIn(cacheDir: string): string {
  const folder = join(cacheDir, 'advisories', 'indexes');
  const [name] = readdirSync(folder);
  return join(folder, name ?? '');
}

function statementsOf(index: AdvisoryIndex | undefined, ecosystem: string, name: string): readonly Statement[] {
  return index?.statements(ecosystem, name).flatMap(({ bounded }) => bounded.flatMap((below) => below.statements())) ?? [];
}

test('what was written is found, by package and by name', async () => {
  const cacheDir = scratch();
  await matches(exportsOf({ npm: RECORDS }), cacheDir, 'package-7');
  const index = openIndex(indexIn(cacheDir));
  expect(index?.header).toMatchObject({ records: 200, newest: '2026-01-02T00:00:00Z', ecosystems: { npm: { records: 200 } }, unreadable: { count: 0 } });
  for (const record of RECORDS) {
    const name = (record['affected'] as { package: { name: string } }[])[0]?.package.name ?? '';
    expect(statementsOf(index, 'npm', name).map(({ record: { id } }) => id)).toContain(record['id']);
    expect(index?.named(`CVE-2026-${1000 + Number(String(record['id']).slice(2))}`).map(({ id, summary }) => [id, summary])).toEqual([[record['id'], record['summary']]]);
  }
  expect(index?.statements('npm', 'package-50')).toEqual([]);
  expect(index?.statements('PyPI', 'package-7')).toEqual([]);
  expect(index?.named('CVE-1999-0001')).toEqual([]);
  index?.close();
});

test('an index that is cut or changed is built anew, not believed', async () => {
  const cacheDir = scratch();
  const directory = exportsOf({ npm: RECORDS });
  const expected = await matches(directory, cacheDir, 'package-7');
  expect(expected).toHaveLength(4);
  const path = indexIn(cacheDir);
  const whole = readFileSync(path);
  for (const damage of [(): void => truncateSync(path, whole.length - 10), (): void => truncateSync(path, 3), (): void => writeFileSync(path, ''), (): void => { const bytes = Buffer.from(whole); bytes.writeUInt8(bytes.readUInt8(bytes.length - 60) ^ 1, bytes.length - 60); writeFileSync(path, bytes); }]) {
    damage();
    expect(openIndex(path)).toBeUndefined();
    expect(await matches(directory, cacheDir, 'package-7')).toEqual(expected);
    expect(readFileSync(path).equals(whole)).toBe(true);
  }
}, 60_000);

test('statements come back as they were written: bounds that are shared, words, states, binaries, and what breaks the schema', async () => {
  const bounds = { ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2-1' }, { introduced: '3' }, { last_affected: '4' }] }, { type: 'GIT', events: [] }, { type: 'SEMVER', events: [{ introduced: '9' }, { limit: '*' }] }], versions: ['1', '1.5'] };
  const entry = (more: object): object => ({ package: { ecosystem: 'Ubuntu:22.04:LTS', name: 'curl' }, ...bounds, ...more });
  const records = [
    advisory({ id: 'UBUNTU-CVE-1', affected: [entry({}), entry({ ecosystem_specific: { urgency: 'low', binaries: [{ binary_name: 'curl' }] }, severity: [{ type: 'Ubuntu', score: 'medium' }] })] }),
    advisory({ id: 'UBUNTU-CVE-2', affected: [entry({}), entry({ ranges: [{ type: 'MAGIC' }] })] }),
  ];
  const cacheDir = scratch();
  const source = await openAdvisories(exportsOf({ Ubuntu: records }), { cacheDir });
  await source?.match([osPackage('dpkg', 'curl', '1')], { id: 'ubuntu', version: '22.04', like: [] });
  await source?.close();
  const index = openIndex(indexIn(cacheDir));
  const stored = statementsOf(index, 'Ubuntu:22.04:LTS', 'curl');
  const expected = records.flatMap((record) => parsed(record).statements.map((statement) => ({ ...statement, record: parsed(record).record })));
  expect(stored.map(({ id, affected, broken, record }) => ({ id, affected, ...(broken === undefined ? {} : { broken }), record }))).toEqual(expected);
  expect(stored[0]?.affected.bounds).toBe(stored[1]?.affected.bounds);
  const [found] = index?.statements('Ubuntu:22.04:LTS', 'curl') ?? [];
  expect(found?.bounded.map((below) => below.statements().length)).toEqual([3, 1]);
  expect(found?.broken.map(({ id, affected: { index: place } }) => [id, place])).toEqual([['UBUNTU-CVE-2', 1]]);
  expect(stored.map((statement) => found?.siblings(statement).map(({ index: place }) => place))).toEqual([[0, 1], [0, 1], [0, 1], [0, 1]]);
  index?.close();
});

test('a date in the future does not make an export look fresh', async () => {
  const source = await openAdvisories(exportsOf({ npm: [advisory({ id: 'X-1', modified: '2999-01-01T00:00:00Z' })] }), { cacheDir: scratch(), now: () => new Date('2026-11-01T00:00:00Z') });
  expect((await source?.match([language('npm', 'pkg:npm/left-pad@1.0.0')], DEBIAN_12))?.newest).toEqual({ npm: '2026-01-01T00:00:00Z' });
  await source?.close();
});

test('a cache folder that cannot be written costs the next run time, not this one its answer', async () => {
  const occupied = join(scratch(), 'file');
  writeFileSync(occupied, '');
  expect(await matches(exportsOf({ npm: RECORDS }), join(occupied, 'cache'), 'package-7')).toHaveLength(4);
});

test('several at once build the same index, and all have it whole', async () => {
  const cacheDir = scratch();
  const directory = exportsOf({ npm: RECORDS });
  const all = await Promise.all(Array.from({ length: 6 }, () => matches(directory, cacheDir, 'package-7')));
  expect(all.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4, 4]);
  expect(readdirSync(join(cacheDir, 'advisories', 'indexes'))).toHaveLength(1);
});
