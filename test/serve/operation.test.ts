import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { InputError } from '../../src/errors.js';
import { openStore } from '../../src/serve/store/open.js';
import { importOf } from '../../scripts/serve/archives.js';
import { ROOT, start } from './running.js';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'inline-scan-operation-'));
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

(hasOpenssl ? test : test.skip)('TLS by files, and cookies that are for TLS alone', async () => {
  const folder = fresh();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']);
  const running = await start({ tls: { cert, key } });
  try {
    expect(running.server.url).toMatch(/^https:/);
    const form = new URLSearchParams({ token: running.tokens.mine }).toString();
    const cookie = await new Promise<string>((resolve, reject) => {
      request(`${running.server.url}/login`, { method: 'POST', ca: readFileSync(cert), agent: false }, (answer) => { answer.resume(); resolve(String(answer.headers['set-cookie'])); }).on('error', reject).end(form);
    });
    expect(cookie).toMatch(/^__Host-inline-scan-session=.*; Secure$/);
  } finally {
    await running.server.stop();
  }
}, 30_000);

test('a certificate that cannot be read is one sentence', async () => {
  await expect(start({ tls: { cert: '/none/cert.pem', key: '/none/key.pem' } })).rejects.toThrow(InputError);
});

test('a port that is taken is one sentence', async () => {
  const running = await start();
  try {
    await expect(start({ port: Number(new URL(running.server.url).port) })).rejects.toThrow(/cannot listen on .* Choose another/);
  } finally {
    await running.server.stop();
  }
});

test('a stop finishes the imports that it is at', async () => {
  const running = await start();
  const images = await Promise.all([1, 2, 3, 4].map((number) => running.image(number)));
  const sending = images.map((image, index) => running.send(running.tokens.mine, image, index % 2 === 0 ? '/import/images' : '/sync/import/images'));
  // they have come in when the first of them is answered
  await Promise.race(sending);
  const stopping = running.server.stop();
  const answers = await Promise.allSettled(sending);
  await stopping;
  const acknowledged = images.filter((_, index) => { const answer = answers[index]; return answer?.status === 'fulfilled' && answer.value.status === 200; });
  expect(acknowledged.length).toBeGreaterThan(0);
  const again = await start({ place: join(running.folder, 'store.db') });
  try {
    for (const { digest, name } of acknowledged) expect((await again.store.evaluation('mine', digest, name))?.verdict).toBe('stop');
  } finally {
    await again.server.stop();
  }
}, 30_000);

test('two processes may use one file of SQLite, and one that has to wait too long is told so', async () => {
  const running = await start();
  try {
    const file = join(running.folder, 'store.db');
    const second = await openStore(file);
    await second.addToken({ name: 'more', role: 'scan' }, randomUUID(), 1);
    await second.close();
    const holder = new DatabaseSync(file);
    holder.exec('BEGIN IMMEDIATE');
    const image = await running.image(1);
    const answer = await running.send(running.tokens.mine, image);
    expect(answer).toMatchObject({ status: 503, body: { message: 'The database is busy or away. Come back in a moment.' } });
    expect(answer.headers.get('retry-after')).toBe('2');
    holder.exec('ROLLBACK');
    holder.close();
    expect((await running.send(running.tokens.mine, image)).status).toBe(200);
  } finally {
    await running.server.stop();
  }
}, 30_000);

test('a file that is no database is one sentence', async () => {
  const folder = fresh();
  await expect(openStore(folder)).rejects.toThrow(/cannot be opened .* Give a file/);
});

const postgres = process.env['INLINE_SCAN_TEST_POSTGRES'];

(postgres === undefined ? test.skip : test)('replicas that start at once on an empty PostgreSQL do not hinder each other', async () => {
  const name = `race_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: postgres ?? '' });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  try {
    const url = new URL(postgres ?? '');
    url.pathname = `/${name}`;
    const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(url.href)));
    const versions = await Promise.all(stores.map((store) => store.addPolicy('a', { id: 'p', name: 'P', text: '{}' }, 1)));
    expect(versions.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    await Promise.all(stores.map((store) => store.close()));
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  }
}, 60_000);

(existsSync('/proc') ? test : test.skip)('killed in the middle of imports: what was acknowledged is there, and nothing that is half stored', () => {
  const ran = spawnSync(process.execPath, ['scripts/serve-crash.js', '--kills', '2'], { encoding: 'utf8' });
  expect(ran.stdout).toMatch(/2 kills, [1-9]\d* acknowledged imports, 0 lost, 0 half stored, 0 problems in all/);
}, 120_000);

test('an archive that breaks off leaves nothing, and the server goes on', async () => {
  const running = await start();
  try {
    const { headers, body } = importOf(await running.image(1));
    const control = new AbortController();
    const broken = fetch(`${running.server.url}${ROOT}/import/images`, {
      method: 'POST', headers: { ...headers, authorization: `Bearer ${running.tokens.mine}` }, signal: control.signal, duplex: 'half',
      body: new ReadableStream({ start(stream) { stream.enqueue(new Uint8Array(body.subarray(0, 300))); setTimeout(() => { control.abort(); }, 100); } }),
    } as RequestInit);
    await expect(broken).rejects.toThrow();
    expect((await running.ask(running.tokens.mine, 'GET', `${ROOT}/anchore/images`)).body).toEqual([]);
    expect(running.events.filter(({ event }) => event === 'error')).toEqual([]);
  } finally {
    await running.server.stop();
  }
});
