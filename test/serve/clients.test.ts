import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import { ROOT, start, type Running } from './running.js';

/*
 * What strangers' clients read of an answer, in their own types, read in their sources: a field of another type than these makes them fail.
 * Go leaves null and absent alone; Java's net.sf.json (getString, getJSONObject) does not.
 */
const advisoryFolder = mkdtempSync(join(tmpdir(), 'inline-scan-clients-'));
let running: Running;
let digest: string;
let name: string;

beforeAll(async () => {
  mkdirSync(join(advisoryFolder, 'npm'));
  writeFileSync(join(advisoryFolder, 'npm/all.zip'), zipSync({ 'GHSA-test-test-test.json': strToU8(JSON.stringify({
    schema_version: '1.6.0', id: 'GHSA-test-test-test', aliases: ['CVE-2099-0001'], modified: '2026-11-01T00:00:00Z', published: '2026-11-01T00:00:00Z', summary: 'ms is dangerous',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [{ package: { ecosystem: 'npm', name: 'ms' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.1.0' }] }] }],
  })) }));
  running = await start({ advisoryFolder });
  const image = await running.image(1);
  ({ digest, name } = image);
  expect((await running.send(running.tokens.mine, image)).status).toBe(200);
});
afterAll(async () => { await running.server.stop(); });

const get = async (path: string): Promise<unknown> => {
  const { status, body } = await running.ask(running.tokens.mine, 'GET', `${ROOT}${path}`);
  expect(status).toBe(200);
  return body;
};

/** Go's time.Time: RFC 3339, or null. */
const time = z.iso.datetime({ offset: true }).nullish();
const goString = z.string().nullish();
const goInt = z.int().nullish();
const goFloat = z.number().nullish();

/** harbor-scanner-sysdig-secure, pkg/secure (v0.6.0). */
const goScore = z.object({ base_score: goFloat, exploitability_score: goFloat, impact_score: goFloat });
const harbor = {
  results: z.object({ results: z.array(z.object({ analysisStatus: z.literal('analyzed'), analyzedAt: goInt, createdAt: goInt, imageDigest: z.string(), imageId: z.string(), fullTag: z.string() })).length(1) }),
  image: z.array(z.object({
    analysis_status: z.string(), created_at: time, imageDigest: z.string(), image_status: goString, last_updated: time, parentDigest: goString, userId: goString,
    image_content: z.object({ metadata: z.object({ arch: goString, distro: goString, distro_version: goString, dockerfile_mode: goString, image_size: goInt, layer_count: goInt }) }),
    image_detail: z.array(z.object({ created_at: time, dockerfile: goString, full_digest: z.string(), full_tag: z.string(), image_digest: z.string(), imageId: z.string(), last_updated: time, registry: z.string(), repo: z.string(), userId: goString, digest: z.string(), tag: z.string(), tag_detected_at: time })).min(1),
  })).length(1),
  vulnerabilities: z.object({ imageDigest: z.string(), vtype: z.string(), vulns: z.array(z.object({
    feed: z.string(), feed_group: z.string(), fix: z.string(), nvd_data: z.array(z.object({ id: z.string(), cvss_v2: goScore, cvss_v3: goScore })), package: z.string(), package_cpe: goString, package_name: z.string(), package_path: z.string(),
    package_type: z.string(), package_version: z.string(), severity: z.enum(['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown']), url: z.string(), vuln: z.string(),
  })).min(1) }),
  feeds: z.array(z.object({ name: z.string(), created_at: time, updated_at: time, last_full_sync: time, groups: z.array(z.object({ name: z.string(), record_count: goInt, created_at: time, last_sync: time })) })).min(1),
  descriptions: z.object({ vulnerabilities: z.array(z.object({ id: z.string(), description: z.string() })).min(1) }),
};

/** Jenkins' sysdig-secure plugin (2.0.0), SysdigSecureClientImpl and BuildWorker: cells and fields are asked for as strings. */
const jenkins = {
  account: z.object({ name: z.string() }),
  check: z.array(z.record(z.string(), z.record(z.string(), z.array(z.object({
    status: z.string(), detail: z.object({ result: z.object({ result: z.record(z.string(), z.unknown()) }) }),
  })).min(1)))).length(1),
  gates: z.object({ result: z.object({ header: z.array(z.string()), rows: z.array(z.array(z.unknown())).min(1) }) }),
  vulnerabilities: z.object({ vulnerabilities: z.array(z.object({ vuln: z.string(), severity: z.string(), package: z.string(), fix: z.string(), url: z.string() })).min(1) }),
};

test('Harbor\'s scanner reads results, image, vulnerabilities, feeds and descriptions', async () => {
  const { results } = harbor.results.parse(await get(`/results?filter=${digest}&limit=1`));
  // seconds: a time of this century
  expect(new Date((results[0]?.analyzedAt ?? 0) * 1000).getFullYear()).toBeGreaterThan(2025);
  expect(harbor.image.parse(await get(`/anchore/images/${digest}`))[0]?.image_detail[0]?.full_tag).toBe(name);
  const { vulns } = harbor.vulnerabilities.parse(await get(`/images/${digest}/vulnDirect/all?includeVulnExceptions=false`));
  harbor.feeds.parse(await get('/system/feeds'));
  const described = harbor.descriptions.parse(await get(`/anchore/query/vulnerabilities?id=${vulns.map(({ vuln }) => vuln).join(',')}&namespace=nvdv2:cves,vulndb:vulnerabilities`));
  expect(described.vulnerabilities.map(({ id }) => id)).toEqual([...new Set(vulns.map(({ vuln }) => vuln))]);
});

test('Harbor\'s scanner tells an image that is not there by this very message', async () => {
  const { status, body } = await running.ask(running.tokens.mine, 'GET', `${ROOT}/anchore/images/sha256:${'0'.repeat(64)}`);
  expect({ status, body }).toMatchObject({ status: 404, body: { message: 'image not found in DB' } });
  expect(harbor.results.safeParse(await get('/results?filter=none&limit=1')).error?.issues[0]?.code).toBe('too_small');
});

test('Jenkins reads the account, the evaluation row by row, and vulnerabilities', async () => {
  expect(jenkins.account.parse(await get('/account')).name).toBe('mine');
  const [image] = jenkins.check.parse(await get(`/anchore/images/${digest}/check?tag=${name}&detail=true`));
  const evaluations = Object.values(image?.[digest] ?? {})[0];
  expect(evaluations?.[0]?.status).toBe('fail');
  // what is no object is passed over
  const [only] = Object.values(evaluations?.[0]?.detail.result.result ?? {}).filter((value) => typeof value === 'object' && !Array.isArray(value));
  const { header, rows } = jenkins.gates.parse(only).result;
  for (const column of ['Repo_Tag', 'Gate', 'Gate_Action', 'Whitelisted']) expect(header).toContain(column);
  for (const row of rows) expect(row).toHaveLength(header.length);
  expect(rows.every((row) => row[header.indexOf('Repo_Tag')] === name)).toBe(true);
  jenkins.vulnerabilities.parse(await get(`/anchore/images/${digest}/vuln/all`));
});
