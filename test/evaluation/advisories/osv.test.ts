import { afterEach, describe, expect, test } from '@jest/globals';
import { BackendError, InputError } from '../../../src/errors.js';
import { openAdvisories } from '../../../src/evaluation/advisories/open.js';
import type { Distro } from '../../../src/evaluation/advisories/distributions.js';
import type { AdvisoryAnswer } from '../../../src/evaluation/vulnerability.js';
import type { ScannedPackage } from '../../../src/report/scanned.js';
import { advisory, DEBIAN_12, language, osPackage, scratch } from './build.js';
import { loopbackService, speak, type Handler, type Service } from './service.js';

let service: Service | undefined;
afterEach(() => { service?.close(); });

async function serve(handler: Handler): Promise<Service> {
  return (service = await loopbackService(handler));
}

const HURRIED = { sleep: async (): Promise<void> => undefined, random: (): number => 0 };

interface Asking { readonly url: string; readonly cacheDir?: string; readonly packages: readonly ScannedPackage[]; readonly distro?: Distro; readonly now?: Date; readonly signal?: AbortSignal }

async function ask({ url, cacheDir = scratch(), packages, distro = DEBIAN_12, now = new Date('2026-11-01T00:00:00Z'), signal }: Asking): Promise<AdvisoryAnswer> {
  const source = await openAdvisories('osv', { cacheDir, now: () => now, env: { INLINE_SCAN_OSV_URL: url }, clock: HURRIED, signal });
  if (source === null) throw new Error('no source');
  try {
    return await source.match(packages, distro);
  } finally {
    await source.close();
  }
}

const LEFT_PAD = [language('npm', 'pkg:npm/left-pad@1.0.0')];

describe('the public service', () => {
  test('3,000 packages: at most four batch calls, each record once; nothing at all on a second run', async () => {
    const packages = Array.from({ length: 3000 }, (_, index) => language('npm', `pkg:npm/package-${index}@1.0.0`));
    const records = Array.from({ length: 150 }, (_, index) => advisory({ id: `X-${index}`, affected: [{ package: { ecosystem: 'npm', name: `package-${index * 20}` }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] }, { package: { ecosystem: 'npm', name: `package-${index * 20 + 1}` }, versions: ['1.0.0'] }], database_specific: { severity: 'HIGH' } }));
    const { url, calls } = await serve(speak(records));
    const cacheDir = scratch();
    const first = await ask({ url, cacheDir, packages });
    expect(first.matches).toHaveLength(300);
    expect(calls.filter(({ path }) => path === '/v1/querybatch').length).toBeLessThanOrEqual(4);
    const fetched = calls.map(({ path }) => path).filter((path) => path.startsWith('/v1/vulns/'));
    expect(fetched).toHaveLength(150);
    expect(new Set(fetched).size).toBe(150);
    expect(first.used).toEqual({ source: url, records: 150, newest: '2026-01-02T00:00:00Z', fetchedAt: '2026-11-01T00:00:00.000Z' });

    calls.length = 0;
    const second = await ask({ url, cacheDir, packages, now: new Date('2026-11-01T00:30:00Z') });
    expect(calls).toEqual([]);
    expect(second.matches).toEqual(first.matches);
    expect(second.used.fetchedAt).toBe('2026-11-01T00:00:00.000Z');
  }, 60_000);

  test.each<[string, Distro, (index: number) => ScannedPackage, number]>([
    ['eleven products of SUSE’s are one query a package', { id: 'sles', version: '15.5', like: ['suse'] }, (index) => osPackage('rpm', `lib-${index}`, '1.0-150500.1', { name: `source-${index}`, version: '1.0-150500.1' }), 3],
    ['packages of one source are one query', DEBIAN_12, (index) => osPackage('dpkg', `lib-${index}`, '1.0-1', { name: `source-${index % 500}`, version: '1.0-1' }), 1],
    ['AlmaLinux has both names, of which a third of the sources have their own', { id: 'almalinux', version: '9.4', like: ['rhel'] }, (index) => osPackage('rpm', `lib-${index}`, '1:1.0-1.el9', { name: index % 3 === 0 ? `source-${index}` : `lib-${index}`, version: '1.0-1.el9' }), 4],
    ['openEuler’s service packs are told by the package', { id: 'openeuler', version: '24.03', like: [] }, (index) => osPackage('rpm', `lib-${index}`, '1.0-1.oe2403sp1', { name: `source-${index}`, version: '1.0-1.oe2403sp1' }), 3],
  ])('3,000 packages of a distribution: %s', async (_, distro, packageOf, expected) => {
    const { url, calls } = await serve(speak([]));
    await ask({ url, packages: Array.from({ length: 3000 }, (__, index) => packageOf(index)), distro });
    expect(calls.map(({ path }) => path)).toEqual(Array.from({ length: expected }, () => '/v1/querybatch'));
  }, 60_000);

  test('SUSE by the plain name, and sorted out by product', async () => {
    const record = (id: string, product: string): Record<string, unknown> => advisory({ id, ecosystem: `SUSE:${product}`, name: 'openssl', type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '9' }], database_specific: { severity: 'important' } });
    const { url, calls } = await serve(speak([record('SUSE-1', 'Linux Enterprise Module for Basesystem 15 SP5'), record('SUSE-2', 'Linux Enterprise Server 15 SP5-LTSS'), record('SUSE-3', 'Linux Enterprise Server 12 SP5')]));
    const { matches } = await ask({ url, packages: [osPackage('rpm', 'libopenssl3', '3.0.8-150500.5', { name: 'openssl', version: '3.0.8-150500.5' })], distro: { id: 'sles', version: '15.5', like: ['suse'] } });
    expect(matches.map(({ id }) => id)).toEqual(['SUSE-1', 'SUSE-2']);
    expect(calls.map(({ path }) => path).filter((path) => path === '/v1/querybatch')).toHaveLength(1);
  });

  test('past the time that answers are kept it is asked again, and only changed records are fetched', async () => {
    const records = [advisory({ id: 'X-1', database_specific: { severity: 'LOW' } }), advisory({ id: 'X-2', database_specific: { severity: 'LOW' } })];
    const { url, calls } = await serve((...call) => speak(records)(...call));
    const cacheDir = scratch();
    await ask({ url, cacheDir, packages: LEFT_PAD });
    records[1] = { ...records[1], modified: '2026-10-31T00:00:00Z', database_specific: { severity: 'CRITICAL' } };
    calls.length = 0;
    const later = await ask({ url, cacheDir, packages: LEFT_PAD, now: new Date('2026-11-01T02:00:00Z') });
    expect(calls.map(({ path }) => path)).toEqual(['/v1/querybatch', '/v1/vulns/X-2']);
    expect(later.matches.map(({ id, severity }) => `${id} ${severity}`)).toEqual(['X-1 low', 'X-2 critical']);
  });

  test('exploits from a directory beside it', async () => {
    const { writeFileSync } = await import('node:fs');
    const directory = scratch();
    writeFileSync(`${directory}/known_exploited_vulnerabilities.json`, '{"vulnerabilities":[{"cveID":"CVE-2026-1000"}]}');
    const { url } = await serve(speak([advisory({ id: 'X-1', aliases: ['CVE-2026-1000'], database_specific: { severity: 'LOW' } })]));
    const source = await openAdvisories('osv', { cacheDir: scratch(), env: { INLINE_SCAN_OSV_URL: url, INLINE_SCAN_EXPLOITS: directory } });
    expect(await source?.match(LEFT_PAD, DEBIAN_12)).toMatchObject({ hasKnownExploited: true, hasEpss: false, matches: [{ knownExploited: true, epss: null }] });
    await source?.close();
  });

  test('exploits that are named and not there are the user’s to mend', async () => {
    for (const env of [{ INLINE_SCAN_EXPLOITS: scratch() }, { INLINE_SCAN_KEV: '/no/such/file' }, { INLINE_SCAN_OSV_DEADLINE: 'soon' }]) {
      await expect(openAdvisories('osv', { cacheDir: scratch(), env })).rejects.toThrow(InputError);
    }
  });

  test('pages are followed', async () => {
    const records = Array.from({ length: 25 }, (_, index) => advisory({ id: `X-${index}`, database_specific: { severity: 'LOW' } }));
    const { url, calls } = await serve(speak(records, 10));
    expect((await ask({ url, packages: LEFT_PAD })).matches).toHaveLength(25);
    expect(calls.filter(({ path }) => path === '/v1/querybatch')).toHaveLength(3);
  });

  test('only names, ecosystems and versions leave', async () => {
    const { url, calls } = await serve(speak([]));
    await ask({ url, packages: [osPackage('dpkg', 'libcurl4', '7.88.1-10+b1', { name: 'curl', version: '7.88.1-10' }, { path: '/secret/place' })] });
    expect(calls.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ queries: [{ package: { name: 'curl', ecosystem: 'Debian:12' }, version: '7.88.1-10' }] }]);
  });

  test('Red Hat by the plain name, and sorted out by stream', async () => {
    const record = (id: string, ecosystem: string): Record<string, unknown> => advisory({ id, ecosystem, name: 'bash', type: 'ECOSYSTEM', events: [{ introduced: '0' }], database_specific: { severity: 'Important' } });
    const { url } = await serve(speak([record('RHSA-1', 'Red Hat:enterprise_linux:9::baseos'), record('RHSA-2', 'Red Hat:enterprise_linux:8::baseos')]));
    const source = await openAdvisories('osv', { cacheDir: scratch(), env: { INLINE_SCAN_OSV_URL: url } });
    const found = await source?.match([osPackage('rpm', 'bash', '5.1.8-6.el9')], { id: 'rhel', version: '9.4', like: [] });
    expect(found?.matches.map(({ id }) => id)).toEqual(['RHSA-1']);
    await source?.close();
  });

  test('severity of a bundled CVE from its own record', async () => {
    const { url } = await serve(speak([
      advisory({ id: 'DSA-1-1', ecosystem: 'Debian:12', name: 'curl', type: 'ECOSYSTEM', upstream: ['CVE-2026-1001', 'CVE-2026-1002'], events: [{ introduced: '0' }, { fixed: '8' }] }),
      advisory({ id: 'CVE-2026-1001', affected: [], severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] }),
    ]));
    const { matches } = await ask({ url, packages: [osPackage('dpkg', 'curl', '7.88.1-10')] });
    expect(matches.map(({ id, severity }) => `${id} ${severity}`)).toEqual(['CVE-2026-1001 critical', 'CVE-2026-1002 unknown']);
  });
});

describe('a service that does not answer as it should is an error, never a clean bill', () => {
  test.each<[string, Handler, RegExp]>([
    ['500 for ever', (_, __, response) => { response.writeHead(500).end('no'); }, /answered 500/],
    ['403', (_, __, response) => { response.writeHead(403).end(); }, /answered 403/],
    ['429 for ever', (_, __, response) => { response.writeHead(429, { 'retry-after': '0' }).end(); }, /answered 429/],
    ['HTML', (_, __, response) => { response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'); }, /no JSON/],
    ['another JSON', (_, __, response) => { response.writeHead(200).end('{"hello":"world"}'); }, /no answer/],
    ['fewer results than queries', (_, __, response) => { response.writeHead(200).end('{"results":[]}'); }, /answered 0 of 1/],
    ['null for a result', (_, __, response) => { response.writeHead(200).end('{"results":[null]}'); }, /no answer/],
    ['half a body', (_, __, response) => { response.writeHead(200, { 'content-length': '100' }); response.write('{"res'); setTimeout(() => response.destroy(), 5); }, /could not be reached|no JSON/],
    ['nothing', (request) => { request.socket.destroy(); }, /could not be reached/],
    ['nothing about a record it named', (request, _, response) => {
      if (request.method === 'POST') response.end('{"results":[{"vulns":[{"id":"X-1","modified":"2026-01-01T00:00:00Z"}]}]}');
      else response.writeHead(404).end();
    }, /answered 404 to GET \/v1\/vulns\/X-1/],
    ['another record than asked for', (request, _, response) => {
      if (request.method === 'POST') response.end('{"results":[{"vulns":[{"id":"X-1","modified":"2026-01-01T00:00:00Z"}]}]}');
      else response.end(JSON.stringify(advisory({ id: 'X-2' })));
    }, /sent X-2 when asked for X-1/],
    ['pages without end', (_, __, response) => { response.end('{"results":[{"next_page_token":"more"}]}'); }, /without end/],
  ])('%s', async (_, handler, message) => {
    const { url } = await serve(handler);
    const asking = ask({ url, packages: LEFT_PAD });
    await expect(asking).rejects.toThrow(BackendError);
    await expect(asking).rejects.toThrow(message);
  });

  test.each<[string, Handler]>([
    ['a service that hangs', () => undefined],
    ['one that hangs in the middle of a body', (_, __, response) => { response.writeHead(200, { 'content-length': '100' }); response.write('{"res'); }],
    ['one that hangs when it is asked for a record', (request, _, response) => { if (request.method === 'POST') response.end('{"results":[{"vulns":[{"id":"X-1","modified":"2026-01-01T00:00:00Z"},{"id":"X-2","modified":"2026-01-01T00:00:00Z"}]}]}'); }],
  ])('%s costs no more than the deadline, and nothing is waited for after it', async (_, handler) => {
    const { url } = await serve(handler);
    const source = await openAdvisories('osv', { cacheDir: scratch(), env: { INLINE_SCAN_OSV_URL: url, INLINE_SCAN_OSV_DEADLINE: '1' }, clock: HURRIED });
    await expect(source?.match(LEFT_PAD, DEBIAN_12)).rejects.toThrow(/did not answer in time/);
    await source?.close();
  });

  test('what passes is tried again', async () => {
    let count = 0;
    const good = speak([advisory({ id: 'X-1', database_specific: { severity: 'LOW' } })]);
    const { url, calls } = await serve((request, body, response) => {
      count += 1;
      if (count === 1) response.writeHead(503).end();
      else if (count === 2) response.writeHead(429, { 'retry-after': '0' }).end();
      else if (count === 3) request.socket.destroy();
      else good(request, body, response);
    });
    expect((await ask({ url, packages: LEFT_PAD })).matches).toHaveLength(1);
    expect(calls).toHaveLength(5);
  });

  test('a record that breaks the schema is told', async () => {
    const { url } = await serve((request, _, response) => {
      if (request.method === 'POST') response.end('{"results":[{"vulns":[{"id":"X-1","modified":"2026-01-01T00:00:00Z"}]}]}');
      else response.end('{"id":"X-1","modified":7}');
    });
    expect(await ask({ url, packages: LEFT_PAD })).toMatchObject({ problems: [expect.stringMatching(/^The advisory X-1 breaks the schema and was left out: modified/)], unread: ['X-1'] });
  });

  test('a cache that holds rubbish is not believed', async () => {
    const { url, calls } = await serve(speak([advisory({ id: 'X-1', database_specific: { severity: 'LOW' } })]));
    const cacheDir = scratch();
    await ask({ url, cacheDir, packages: LEFT_PAD });
    const { readdirSync, writeFileSync, statSync } = await import('node:fs');
    for (const name of readdirSync(cacheDir, { recursive: true }) as string[]) if (statSync(`${cacheDir}/${name}`).isFile()) writeFileSync(`${cacheDir}/${name}`, '{"half":');
    calls.length = 0;
    expect((await ask({ url, cacheDir, packages: LEFT_PAD })).matches).toHaveLength(1);
    expect(calls).toHaveLength(2);
  });
});
