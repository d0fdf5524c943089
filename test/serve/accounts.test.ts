import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importOf } from '../../scripts/serve/archives.js';
import { newToken, tokenHash } from '../../src/serve/tokens.js';
import { ROOT, start, type Running } from './running.js';

interface Operation {
  readonly method: string;
  readonly path: string;
}

let running: Running;
let operations: Operation[];
let mine: { digest: string; id: string; webhook: string };

beforeAll(async () => {
  running = await start();
  const { tokens, ask, send, image } = running;
  const small = await image(1);
  await send(tokens.mine, small);
  await ask(tokens.mine, 'POST', `${ROOT}/policies`, { id: 'secret-policy', version: '1_0', name: 'Secret policy', rules: [] });
  const { body } = await ask(tokens.mine, 'POST', `${ROOT}/webhooks`, { url: 'http://127.0.0.1:9/secret-hook' });
  mine = { digest: small.digest, id: small.imageId, webhook: (body as { id: string }).id };
  const document = (await ask(undefined, 'GET', '/openapi.json')).body as { paths: Record<string, Record<string, unknown>> };
  operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path }))).filter(({ path }) => path.startsWith(ROOT));
});
afterAll(async () => { await running.server.stop(); });

/** The path with what belongs to `mine` put in. */
function filled(path: string): string {
  const isPolicy = path.includes('/policies/');
  return path.replace('{digest}', path.includes('by_id') ? mine.id : mine.digest).replace('{type}', 'all').replace('{id}', isPolicy ? 'secret-policy' : mine.webhook);
}

const QUERY = '?tag=docker.io/library/small:1&fulltag=small&filter=small&vulnerability_id=CVE-1&id=CVE-1';

test('there are operations to try', () => {
  expect(operations.length).toBeGreaterThan(30);
});

describe('for every operation', () => {
  test('without a token there is nothing', async () => {
    for (const { method, path } of operations) {
      const answer = await running.ask(undefined, method, `${filled(path)}${QUERY}`);
      expect({ method, path, status: answer.status, text: answer.text }).toEqual({ method, path, status: 401, text: '{"message":"Bad credentials","httpcode":401,"detail":{"error_codes":[]}}' });
    }
  });

  test('a token that reads alone changes nothing', async () => {
    const before = await everything();
    for (const { method, path } of operations.filter((operation) => operation.method !== 'GET')) {
      const answer = await running.ask(running.tokens.reader, method, `${filled(path)}${QUERY}`, {});
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 403 });
    }
    expect(await everything()).toEqual(before);
  });

  test('another account\'s token sees and changes nothing', async () => {
    const before = await everything();
    const bodies: Readonly<Record<string, unknown>> = { addAlias: { fulltag: 'docker.io/library/other:1' }, policies: { id: 'p', version: '1_0', name: 'P', rules: [] }, webhooks: { url: 'http://127.0.0.1:9/' } };
    for (const { method, path } of operations.filter((operation) => !operation.path.includes('import'))) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : bodies[path.split('/').at(-1) ?? ''] ?? {};
      const answer = await running.ask(running.tokens.other, method, `${filled(path)}${QUERY}`, body);
      expect({ method, path, leaks: /[sS]ecret.(?:policy|hook)|dddddddd|library.small/.test(answer.text) || answer.text.includes(mine.digest), failed: answer.status >= 500 }).toEqual({ method, path, leaks: false, failed: false });
      // what names something of another's is as if it were not there
      if (path.includes('{')) expect({ method, path, status: answer.status }).toEqual({ method, path, status: 404 });
    }
    expect(await everything()).toEqual(before);
  });

  test('texts that would be SQL, a path or a header are texts', async () => {
    const before = await everything();
    for (const hostile of ["' OR 1=1 --", '"; DROP TABLE images; --', '../../../../etc/passwd', '%', '_', 'a\r\nset-cookie: x=y', '\\', '\u{1f600}', 'x'.repeat(3000), '${7*7}', '__proto__', 'constructor']) {
      const value = encodeURIComponent(hostile);
      for (const { method, path } of operations.filter((operation) => operation.method === 'GET' || operation.path.includes('{'))) {
        const answer = await running.ask(running.tokens.mine, method, `${path.replace(/\{\w+\}/g, value)}?tag=${value}&filter=${value}&fulltag=${value}&vulnerability_id=${value}&id=${value}&limit=5`, method === 'GET' ? undefined : {});
        expect({ method, path, hostile, failed: answer.status >= 500, cookie: answer.headers.get('set-cookie') }).toEqual({ method, path, hostile, failed: false, cookie: null });
      }
    }
    expect(await everything()).toEqual(before);
    expect(running.events.filter(({ event }) => event === 'error')).toEqual([]);
  }, 60_000);
});

test('an archive for one account is not taken by another\'s token', async () => {
  const answer = await running.send(running.tokens.other, await running.image(2));
  expect(answer).toMatchObject({ status: 400, body: { message: 'The archive is for the account "mine", and the token belongs to another.' } });
  expect(await running.store.digests('other')).toEqual([]);
});

test('a token is revoked by its account alone, and ends at once, with the sessions that were begun with it', async () => {
  const { store, ask, tokens } = running;
  const leaked = newToken();
  await store.addToken({ name: 'mine', role: 'read' }, tokenHash(leaked), Date.parse('2026-01-02T03:04:05Z'));
  const { body } = await ask(tokens.mine, 'GET', `${ROOT}/tokens`);
  const id = tokenHash(leaked).slice(0, 12);
  expect(body).toContainEqual({ id, role: 'read', created_at: '2026-01-02T03:04:05.000Z' });
  expect(JSON.stringify(body)).not.toContain(leaked);
  const login = await fetch(`${running.server.url}/login`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ token: leaked }) });
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const page = (): Promise<Response> => fetch(`${running.server.url}/images`, { redirect: 'manual', headers: { cookie } });
  expect((await page()).status).toBe(200);
  expect((await ask(tokens.other, 'DELETE', `${ROOT}/tokens/${id}`)).status).toBe(404);
  expect((await ask(leaked, 'DELETE', `${ROOT}/tokens/${id}`)).status).toBe(403);
  expect((await ask(leaked, 'GET', `${ROOT}/account`)).status).toBe(200);
  expect((await ask(tokens.mine, 'DELETE', `${ROOT}/tokens/${id}`)).status).toBe(200);
  expect((await ask(leaked, 'GET', `${ROOT}/account`)).status).toBe(401);
  expect((await page()).headers.get('location')).toBe('/login');
  expect((await ask(tokens.mine, 'DELETE', `${ROOT}/tokens/${id}`)).status).toBe(404);
});

test('a token is in no log, whatever is asked with it', async () => {
  const { tokens } = running;
  const { headers } = importOf(await running.image(3));
  await running.ask(undefined, 'GET', `${ROOT}/anchore/images?token=${tokens.mine}`);
  await running.ask(undefined, 'GET', `/${tokens.mine}`);
  await fetch(`${running.server.url}${ROOT}/import/images`, { method: 'POST', headers: { ...headers, authorization: `Bearer ${tokens.mine}` }, body: tokens.mine });
  await fetch(`${running.server.url}${ROOT}/account`, { headers: { authorization: `Basic ${Buffer.from(`${tokens.mine}:`).toString('base64')}` } });
  await fetch(`${running.server.url}/login`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ token: tokens.mine }) });
  expect(running.lines.length).toBeGreaterThan(100);
  const logged = running.lines.join('\n');
  for (const token of Object.values(tokens)) {
    expect(logged).not.toContain(token);
    expect(logged).not.toContain(Buffer.from(`${token}:`).toString('base64'));
  }
});

/** What `mine` has, as the store has it. */
async function everything(): Promise<unknown> {
  const { store } = running;
  return {
    images: await store.images('mine', { text: '', limit: 100, offset: 0 }),
    policies: await store.policies('mine'), webhooks: await store.webhooks('mine'),
    verdict: (await store.latest('mine', mine.digest, 'docker.io/library/small:1'))?.verdict,
  };
}
