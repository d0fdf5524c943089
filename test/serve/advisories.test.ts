import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { advisory, zipOf } from '../evaluation/advisories/build.js';
import { ROOT, start, type Running } from './running.js';

const folder = mkdtempSync(join(tmpdir(), 'inline-scan-advisories-'));
let running: Running;
let clock = Date.now();

function publish(...records: Record<string, unknown>[]): void {
  mkdirSync(join(folder, 'npm'), { recursive: true });
  writeFileSync(join(folder, 'npm', 'all.zip'), zipOf(records));
}

const harmless = advisory({ id: 'GHSA-none-none-none', name: 'something-else' });
const dangerous = advisory({
  id: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2099-0001'], name: 'ms', summary: 'ms is dangerous', events: [{ introduced: '0' }, { fixed: '2.1.0' }],
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
});

beforeAll(async () => {
  publish(harmless);
  running = await start({ advisoryFolder: folder, now: () => new Date(clock) });
  await running.ask(running.tokens.mine, 'POST', `${ROOT}/policies`, { id: 'critical', version: '1_0', name: 'Critical', rules: [
    { id: 'r', gate: 'vulnerabilities', trigger: 'package', action: 'STOP', params: [{ name: 'package_type', value: 'all' }, { name: 'severity', value: 'critical' }, { name: 'severity_comparison', value: '=' }] },
  ] });
  for (let number = 1; number <= 3; number += 1) await running.send(running.tokens.mine, await running.image(number));
});
afterAll(async () => { await running.server.stop(); });

const get = async <Body>(path: string): Promise<Body> => (await running.ask(running.tokens.mine, 'GET', `${ROOT}${path}`)).body as Body;
const verdict = async (): Promise<string | undefined> => (await running.store.latest('mine', (await running.image(1)).digest, (await running.image(1)).name))?.verdict;
const hits = async (id: string): Promise<string[]> => (await get<{ images: { image: { tag: string } }[] }>(`/anchore/query/images/by_vulnerability?vulnerability_id=${id}`)).images.map(({ image }) => image.tag);

async function evaluateAll(): Promise<Record<string, unknown>> {
  expect((await running.ask(running.tokens.mine, 'POST', `${ROOT}/evaluate`)).status).toBe(202);
  for (;;) {
    const progress = await get<Record<string, unknown>>('/evaluate');
    if (progress['state'] !== 'running') return progress;
  }
}

test('a new advisory: which of my images does it hit?', async () => {
  expect(await get('/evaluate')).toEqual({ state: 'never' });
  expect(await verdict()).toBe('go');
  expect(await hits('CVE-2099-0001')).toEqual([]);
  // a day later an advisory is published
  publish(harmless, dangerous);
  clock += 86_400_000;
  expect(await evaluateAll()).toMatchObject({ state: 'finished', images: 3, done: 3, failed: 0, changed: 3 });
  expect(await verdict()).toBe('stop');
  expect(await hits('CVE-2099-0001')).toEqual(['docker.io/library/small:1', 'docker.io/library/small:2', 'docker.io/library/small:3']);
  expect(await hits('GHSA-aaaa-bbbb-cccc')).toHaveLength(3);
  expect(running.events).toContainEqual(expect.objectContaining({ event: 'advisories opened again' }));
  expect(running.events).toContainEqual(expect.objectContaining({ event: 'evaluated all', account: 'mine', done: 3, of: 3, changed: 3 }));
});

test('it says what the vulnerability is', async () => {
  expect(await get('/anchore/query/vulnerabilities?id=CVE-2099-0001,CVE-1&namespace=nvdv2:cves')).toMatchObject({
    returned_count: 1, vulnerabilities: [{ id: 'CVE-2099-0001', severity: 'Critical', description: 'ms is dangerous', affected_packages: [{ name: 'ms', version: '2.0.0', type: 'npm' }] }],
  });
});

test('vulnerabilities come in the shapes that clients parse', async () => {
  const { digest } = await running.image(1);
  const record = { vuln: 'CVE-2099-0001', severity: 'Critical', package: 'ms-2.0.0', package_name: 'ms', package_version: '2.0.0', package_type: 'npm', fix: '2.1.0' };
  expect(await get(`/anchore/images/${digest}/vuln/all`)).toMatchObject({ imageDigest: digest, vulnerability_type: 'all', vulnerabilities: [record] });
  expect(await get(`/anchore/images/${digest}/vuln/os`)).toMatchObject({ vulnerabilities: [] });
  expect(await get(`/images/${digest}/vulnDirect/all?includeVulnExceptions=false`)).toMatchObject({ imageDigest: digest, vtype: 'all', vulns: [record] });
});

test('feeds are the exports, and as new as those', async () => {
  const [feed] = await get<{ name: string; groups: { name: string; last_sync: string }[] }[]>('/system/feeds');
  expect(feed).toMatchObject({ name: folder, enabled: true, groups: [{ name: 'npm', last_sync: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }] });
  expect(await get('/anchore/system/feeds')).toEqual(await get('/system/feeds'));
});

test('an export that is withdrawn takes the hits along', async () => {
  publish(harmless);
  clock += 86_400_000;
  expect(await evaluateAll()).toMatchObject({ changed: 3 });
  expect(await verdict()).toBe('go');
  expect(await hits('CVE-2099-0001')).toEqual([]);
});

test('an export that is damaged is no clean bill', async () => {
  writeFileSync(join(folder, 'npm', 'all.zip'), 'no zip at all');
  clock += 86_400_000;
  expect(await evaluateAll()).toMatchObject({ state: 'finished', done: 3, failed: 3 });
  const { digest, name } = await running.image(1);
  const again = await running.ask(running.tokens.mine, 'GET', `${ROOT}/anchore/images/${digest}/check?tag=${name}&forceReload=true`);
  expect(again.status).toBe(503);
});

test.each([
  ['GET', '/images/DIGEST/report?tag=x', 404, /makes no PDF/],
  ['POST', '/anchore/images', 404, /pulls no images/],
  ['GET', '/vulnexceptions', 200, /^\[\]$/],
  ['GET', '/anchore/query/vulnerabilities', 400, /Name 1 to/],
])('%s %s is %i', async (method, path, status, text) => {
  const answer = await running.ask(running.tokens.mine, method, `${ROOT}${path}`, method === 'POST' ? {} : undefined);
  expect(answer.status).toBe(status);
  expect(answer.text).toMatch(text);
});
