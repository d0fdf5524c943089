import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Evaluation } from '../../src/evaluation/evaluation.js';
import { advisory } from '../evaluation/advisories/build.js';
import { loopbackService, speak, type Service } from '../evaluation/advisories/service.js';
import { commandLine, freshFolder, type Ran } from './runner.js';
import { tinyImage } from './tinyImage.js';

let service: Service | undefined;
afterEach(() => { service?.close(); });

const PACKAGES = 3000;

/** An image with a lock file of so many packages, and a service that knows an advisory of every twentieth. */
async function prepared(folder: string): Promise<Service> {
  const lock = { name: 'app', lockfileVersion: 3, packages: { '': { name: 'app', version: '1.0.0' }, ...Object.fromEntries(Array.from({ length: PACKAGES }, (_, index) => [`node_modules/package-${index}`, { version: '1.0.0', resolved: `https://registry.npmjs.org/package-${index}/-/package-${index}-1.0.0.tgz` }])) } };
  await tinyImage(join(folder, 'image.tar'), 'app:1', { 'app/package-lock.json': JSON.stringify(lock) });
  return (service = await loopbackService(speak(Array.from({ length: PACKAGES / 20 }, (_, index) => advisory({ id: `GHSA-${index}`, name: `package-${index * 20}`, database_specific: { severity: 'HIGH' } })))));
}

function scan(folder: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  return commandLine(['scan', 'image.tar', '--advisories', 'osv', '--fail-on', 'never', '--quiet', '--output-directory', 'out'], { cwd: folder, env });
}

test('3,000 packages by the service: at most four batch calls, each record once, and nothing on a second run', async () => {
  const folder = freshFolder();
  const { url, calls } = await prepared(folder);
  expect((await scan(folder, { INLINE_SCAN_OSV_URL: url })).status).toBe(0);
  const vulnerabilities = (): number => new Set((JSON.parse(readFileSync(join(folder, 'out/evaluation.json'), 'utf8')) as Evaluation).findings.flatMap(({ vulnerability }) => (vulnerability === undefined ? [] : [vulnerability.id]))).size;
  expect(vulnerabilities()).toBe(PACKAGES / 20);
  const batches = calls.filter(({ path }) => path === '/v1/querybatch').map(({ body }) => (JSON.parse(body) as { queries: unknown[] }).queries.length);
  expect(batches.length).toBeLessThanOrEqual(4);
  expect(batches.reduce((sum, queries) => sum + queries, 0)).toBe(PACKAGES);
  const records = calls.map(({ path }) => path).filter((path) => path !== '/v1/querybatch');
  expect(records).toHaveLength(PACKAGES / 20);
  expect(new Set(records).size).toBe(PACKAGES / 20);
  calls.length = 0;
  expect((await scan(folder, { INLINE_SCAN_OSV_URL: url })).status).toBe(0);
  expect(calls).toEqual([]);
  expect(vulnerabilities()).toBe(PACKAGES / 20);
}, 120_000);

test('a service that hangs ends the scan as one that could not finish, within the deadline', async () => {
  const folder = freshFolder();
  await prepared(folder);
  service?.close();
  service = await loopbackService(() => undefined);
  const ran = await scan(folder, { INLINE_SCAN_OSV_URL: service.url, INLINE_SCAN_OSV_DEADLINE: '1' });
  expect(ran.status).toBe(3);
  expect(ran.stderr).toMatch(/did not answer in time/);
}, 120_000);
