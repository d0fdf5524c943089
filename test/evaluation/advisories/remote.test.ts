import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BackendError, InputError } from '../../../src/errors.js';
import { downloadAdvisories } from '../../../src/evaluation/advisories/download.js';
import { openAdvisories } from '../../../src/evaluation/advisories/open.js';
import type { AdvisoryAnswer } from '../../../src/evaluation/vulnerability.js';
import { advisory, DEBIAN_12, language, osPackage, scratch, zipOf } from './build.js';

let server: Server;
let url = '';
const calls: string[] = [];
let handler: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;

beforeEach(async () => {
  calls.length = 0;
  server = createServer((request, response) => {
    calls.push(`${request.url ?? ''}${request.headers['if-none-match'] === undefined ? '' : ' if changed'}`);
    handler(request, response);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/exports`;
});
afterEach(() => { server.closeAllConnections(); server.close(); });

const ZIP = zipOf([advisory({ id: 'X-1', aliases: ['CVE-2026-1000'], database_specific: { severity: 'HIGH' } })]);
const FILES: Readonly<Record<string, Buffer>> = { '/exports/npm/all.zip': ZIP };

function publish(files: Readonly<Record<string, Buffer>>): typeof handler {
  return (request, response) => {
    const bytes = files[request.url ?? ''];
    if (bytes === undefined) return void response.writeHead(404).end();
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    return void response.writeHead(200, { etag, 'content-length': bytes.length, 'x-goog-hash': `crc32c=AAAAAA==, md5=${createHash('md5').update(bytes).digest('base64')}` }).end(bytes);
  };
}

async function ask(cacheDir: string, packages = [language('npm', 'pkg:npm/left-pad@1.0.0')], now = new Date('2026-11-01T00:00:00Z')): Promise<AdvisoryAnswer> {
  const source = await openAdvisories(url, { cacheDir, now: () => now, clock: { sleep: async () => undefined, random: () => 0 } });
  if (source === null) throw new Error('no source');
  try {
    return await source.match(packages, DEBIAN_12);
  } finally {
    await source.close();
  }
}

describe('exports at a URL', () => {
  test('only the ecosystems that the image has, asked for anew only if they changed', async () => {
    handler = publish(FILES);
    const cacheDir = scratch();
    expect((await ask(cacheDir)).matches.map(({ id }) => id)).toEqual(['CVE-2026-1000']);
    // the first two are asked for at once
    expect([...calls].sort()).toEqual(['/exports/epss.csv.gz', '/exports/kev.json', '/exports/npm/all.zip']);
    calls.length = 0;
    const again = await ask(cacheDir, undefined, new Date('2026-11-02T00:00:00Z'));
    expect(again.matches).toHaveLength(1);
    expect(again.used).toEqual({ source: url, records: 1, newest: '2026-01-02T00:00:00Z', fetchedAt: '2026-11-02T00:00:00.000Z' });
    expect(calls).toContain('/exports/npm/all.zip if changed');
  });

  test('a new export replaces the old one', async () => {
    handler = publish(FILES);
    const cacheDir = scratch();
    await ask(cacheDir);
    handler = publish({ '/exports/npm/all.zip': zipOf([advisory({ id: 'X-2' }), advisory({ id: 'X-3' })]) });
    expect((await ask(cacheDir)).matches.map(({ id }) => id)).toEqual(['X-2', 'X-3']);
  });

  test('an ecosystem that is not there is named', async () => {
    handler = publish(FILES);
    expect((await ask(scratch(), [language('python', 'pkg:pypi/django@3.2')])).uncovered).toEqual([{ ecosystem: 'PyPI', packages: 1, why: `${url} has no advisories of PyPI`, missedBy: 'non-os' }]);
  });

  test('a server out of reach leaves the old copy in use, with its age, and that is told', async () => {
    handler = publish(FILES);
    const cacheDir = scratch();
    await ask(cacheDir);
    handler = (request, response) => (request.url?.endsWith('all.zip') === true ? void response.writeHead(503).end() : void response.writeHead(404).end());
    const later = await ask(cacheDir, undefined, new Date('2026-11-09T00:00:00Z'));
    expect(later.matches).toHaveLength(1);
    expect(later.used.fetchedAt).toBe('2026-11-01T00:00:00.000Z');
    expect(later.problems).toEqual([expect.stringMatching(/answered 503\..*The copy of 2026-11-01T00:00:00\.000Z was used/)]);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['500', (response) => { response.writeHead(500).end(); }],
    ['HTML', (response) => { response.writeHead(200).end('<html>Sign in</html>'); }],
    ['nothing', (response) => { response.socket?.destroy(); }],
    ['an empty body', (response) => { response.writeHead(200).end(); }],
    ['half a body', (response) => { response.writeHead(200, { 'content-length': ZIP.length }); response.write(ZIP.subarray(0, 100)); setTimeout(() => response.destroy(), 5); }],
    ['another body than its MD5 says', (response) => { response.writeHead(200, { 'x-goog-hash': 'md5=AAAAAAAAAAAAAAAAAAAAAA==' }).end(ZIP); }],
    ['a cut zip', (response) => { response.writeHead(200).end(ZIP.subarray(0, ZIP.length - 30)); }],
  ])('%s is an error, and leaves nothing behind', async (_, respond) => {
    handler = (request, response) => (request.url?.endsWith('all.zip') === true ? respond(response) : void response.writeHead(404).end());
    const cacheDir = scratch();
    await expect(ask(cacheDir)).rejects.toThrow(BackendError);
    const left = existsSync(cacheDir) ? (readdirSync(cacheDir, { recursive: true }) as string[]).filter((name) => name.endsWith('.zip') || name.endsWith('.partial')) : [];
    expect(left).toEqual([]);
  });

  test('catalogues beside them are used', async () => {
    handler = publish({ ...FILES, '/exports/kev.json': Buffer.from('{"vulnerabilities":[{"cveID":"CVE-2026-1000"}]}') });
    expect(await ask(scratch())).toMatchObject({ hasKnownExploited: true, hasEpss: false, matches: [{ knownExploited: true, epss: null }] });
    handler = publish({ ...FILES, '/exports/kev.json': Buffer.from('<html>') });
    await expect(ask(scratch())).rejects.toThrow(/is not CISA/);
  });

  test('a server that is gone leaves the old catalogue in use, too, and that is told', async () => {
    handler = publish({ ...FILES, '/exports/kev.json': Buffer.from('{"vulnerabilities":[{"cveID":"CVE-2026-1000"}]}') });
    const cacheDir = scratch();
    await ask(cacheDir);
    handler = (request) => { request.socket.destroy(); };
    const later = await ask(cacheDir);
    expect(later).toMatchObject({ hasKnownExploited: true, matches: [{ knownExploited: true }] });
    expect(later.problems.join('\n')).toMatch(/kev\.json could not be read .*The copy that was kept was used/);
  });

  test('a sign-in page never replaces a catalogue that is whole', async () => {
    const kev = '{"vulnerabilities":[{"cveID":"CVE-2026-1000"}]}';
    const epss = 'cve,epss,percentile\nCVE-2026-1000,0.5,0.9\n';
    handler = publish({ ...FILES, '/exports/kev.json': Buffer.from(kev), '/exports/epss.csv.gz': Buffer.from(epss) });
    const cacheDir = scratch();
    await ask(cacheDir);
    handler = publish({ ...FILES, '/exports/kev.json': Buffer.from('<html>Sign in</html>'), '/exports/epss.csv.gz': gzipSync(epss).subarray(0, 30) });
    const later = await ask(cacheDir);
    expect(later).toMatchObject({ matches: [{ knownExploited: true, epss: 0.5 }] });
    expect(later.problems).toEqual([
      expect.stringMatching(/epss\.csv\.gz cannot be read .*The copy that was kept was used/),
      expect.stringMatching(/kev\.json is not CISA's catalogue.*The copy that was kept was used/),
    ]);
  });

  test('the export of one release is of use where that of the whole is not there', async () => {
    handler = publish({ '/exports/Debian%3A12/all.zip': zipOf([advisory({ id: 'X-7', ecosystem: 'Debian:12', name: 'curl', type: 'ECOSYSTEM', events: [{ introduced: '0' }] })]) });
    const found = await ask(scratch(), [osPackage('dpkg', 'curl', '7.88.1-10')]);
    expect(found).toMatchObject({ matches: [{ id: 'X-7' }], covered: ['Debian:12'], uncovered: [] });
    expect(calls.filter((path) => path.includes('all.zip'))).toEqual(['/exports/Debian/all.zip', '/exports/Debian%3A12/all.zip']);
  });

  test('no path is made of what an image calls its release', async () => {
    handler = publish(FILES);
    const source = await openAdvisories(url, { cacheDir: scratch() });
    await source?.match([osPackage('apk', 'curl', '8.0-r0')], { id: 'alpaquita', version: '/../../../../escaped', like: [] });
    await source?.close();
    expect(calls.filter((path) => path.includes('all.zip'))).toEqual(['/exports/Alpaquita/all.zip']);
  });

  test('redirects are followed, but not in a circle or to nowhere', async () => {
    const to = (location: string): typeof handler => (request, response) => {
      if (request.url?.startsWith('/stored') === true) return void publish({ '/stored/npm.zip': ZIP })(request, response);
      return void (request.url?.endsWith('all.zip') === true ? response.writeHead(302, { location }).end() : response.writeHead(404).end());
    };
    handler = to('/stored/npm.zip');
    const cacheDir = scratch();
    expect((await ask(cacheDir)).matches).toHaveLength(1);
    calls.length = 0;
    expect((await ask(cacheDir)).matches).toHaveLength(1);
    expect(calls).toContain('/stored/npm.zip if changed');
    handler = to('/exports/npm/all.zip');
    await expect(ask(scratch())).rejects.toThrow(/redirected more than/);
    handler = to('file:///etc/passwd');
    await expect(ask(scratch())).rejects.toThrow(/no address to follow/);
  });

  test('once the server could not be reached for one ecosystem, nobody waits for it again', async () => {
    handler = publish({ ...FILES, '/exports/PyPI/all.zip': ZIP });
    const cacheDir = scratch();
    const packages = [language('npm', 'pkg:npm/left-pad@1.0.0'), language('python', 'pkg:pypi/django@3.2')];
    await ask(cacheDir, packages);
    calls.length = 0;
    handler = (request, response) => (request.url?.endsWith('all.zip') === true ? void request.socket.destroy() : void response.writeHead(404).end());
    expect((await ask(cacheDir, packages)).matches).toHaveLength(1);
    expect(new Set(calls.filter((path) => path.includes('all.zip')))).toEqual(new Set(['/exports/PyPI/all.zip if changed']));
  });
});

describe('download', () => {
  test('into a directory that works offline', async () => {
    handler = publish({ ...FILES, '/kev.json': Buffer.from('{"vulnerabilities":[{"cveID":"CVE-2026-1000"}]}') });
    const directory = scratch();
    const origin = new URL(url).origin;
    expect(await downloadAdvisories(directory, { ecosystems: ['npm'], from: url, kev: `${origin}/kev.json`, epss: null })).toEqual({ ecosystems: [{ name: 'npm', records: 1 }], problems: [] });
    expect((await downloadAdvisories(directory, { ecosystems: ['npm'], from: url, kev: `${origin}/no.json`, epss: `${origin}/kev.json` })).problems).toEqual([
      `There is no ${origin}/no.json`, expect.stringMatching(/kev\.json has no line "cve,epss,percentile"/),
    ]);
    expect(existsSync(join(directory, 'epss.csv.gz'))).toBe(false);
    server.closeAllConnections();
    const source = await openAdvisories(directory, { cacheDir: scratch() });
    expect(await source?.match([language('npm', 'pkg:npm/left-pad@1.0.0')], DEBIAN_12)).toMatchObject({ hasKnownExploited: true, matches: [{ id: 'CVE-2026-1000', knownExploited: true }] });
    await source?.close();
    expect(existsSync(join(directory, 'npm', 'all.zip'))).toBe(true);
  });

  test('an ecosystem that does not exist is the user’s to mend; one that the server lacks is an error if it was asked for', async () => {
    handler = publish(FILES);
    for (const name of ['nmp', 'Debian:../../12']) await expect(downloadAdvisories(scratch(), { ecosystems: [name], from: url })).rejects.toThrow(InputError);
    await expect(downloadAdvisories(scratch(), { ecosystems: ['PyPI'], from: url, kev: null, epss: null })).rejects.toThrow(BackendError);
    const all = await downloadAdvisories(scratch(), { ecosystems: [], from: url, kev: null, epss: null });
    expect(all.ecosystems).toEqual([{ name: 'npm', records: 1 }]);
    expect(all.problems.length).toBeGreaterThan(20);
  });
});

test('a directory that cannot be written is the user’s to mend', async () => {
  handler = publish(FILES);
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  await expect(downloadAdvisories(join(file, 'below'), { ecosystems: ['npm'], from: url, kev: null, epss: null })).rejects.toThrow(/cannot be written.*Give a directory/);
});

describe('what advisories may name', () => {
  test('none is nothing', async () => expect(await openAdvisories('none', { cacheDir: scratch() })).toBeNull());
  test.each(['/no/such/directory', scratch()])('%s is the user’s to mend', async (spec) => {
    await expect(openAdvisories(spec, { cacheDir: scratch() })).rejects.toThrow(InputError);
  });
});
