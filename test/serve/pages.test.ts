import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { html } from '../../src/serve/pages/html.js';
import { mark } from '../../src/serve/pages/layout.js';
import { ROOT, start, type Running } from './running.js';

test.each([
  ['markup', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['the end of an attribute', '"><img onerror=x>', '&quot;&gt;&lt;img onerror=x&gt;'],
  ['an entity', '&lt;', '&amp;lt;'],
  ['a mark that turns the direction', 'a\u202eb', 'a\\u{202e}b'],
  ['a control', 'a\u001b[0mb', 'a\\u{1b}[0mb'],
  ['what has no need of it', 'Zürich 東京 – 1 + 1', 'Zürich 東京 – 1 + 1'],
])('a template escapes %s', (_, value, expected) => {
  expect(html`<p title="${value}">${[value, html`<b>${value}</b>`]}</p>`.text).toBe(`<p title="${expected}">${expected}<b>${expected}</b></p>`);
});

test.each([
  ['stop', '<span class="mark stop">Stop</span>'], ['warn', '<span class="mark warn">Warn</span>'], ['go', '<span class="mark go">Go</span>'],
  ['error', '<span class="mark quiet">error</span>'], ['constructor', '<span class="mark quiet">constructor</span>'],
])('the verdict %s is a word, and a colour where it is one of ours', (verdict, expected) => expect(mark(verdict).text).toBe(expected));

describe('sessions', () => {
  let running: Running;
  let clock = Date.now();
  beforeAll(async () => {
    running = await start({ now: () => new Date(clock) });
    await running.send(running.tokens.mine, await running.image(1));
  });
  afterAll(async () => { await running.server.stop(); });

  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${running.server.url}${path}`, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(form) });
  const get = (path: string, cookie: string): Promise<Response> => fetch(`${running.server.url}${path}`, { redirect: 'manual', headers: { cookie } });
  async function signIn(token = running.tokens.mine): Promise<string> {
    return (await post('/login', { token })).headers.get('set-cookie') ?? '';
  }

  test('a token gives a cookie that is no token, and that scripts and other sites do not get', async () => {
    const answer = await post('/login', { token: ` ${running.tokens.mine}\n` });
    expect(answer.status).toBe(303);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^inline-scan-session=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(running.tokens.mine);
    expect(await (await get('/images', cookie)).text()).not.toContain(running.tokens.mine);
  });

  test('over TLS the cookie is for TLS alone', async () => {
    const answer = await post('/login', { token: running.tokens.mine }, { 'x-forwarded-proto': 'https' });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-inline-scan-session=.*; Secure$/);
  });

  test('a token that is not known gives none', async () => {
    const answer = await post('/login', { token: 'nonsense' });
    expect({ status: answer.status, cookie: answer.headers.get('set-cookie') }).toEqual({ status: 401, cookie: null });
    expect(await answer.text()).toContain('This token is not known.');
  });

  test.each(['/images', '/images/x', '/vulnerabilities?id=CVE-1', '/policies', '/policies/x'])('without a session %s leads to the login', async (path) => {
    const answer = await get(path, 'inline-scan-session=0123456789012345678901234567890123456789012');
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({ status: 303, to: '/login' });
  });

  test('a session ends by signing out, and by time', async () => {
    const [first, second] = [await signIn(), await signIn()];
    const csrf = /name="csrf" value="([^"]+)"/.exec(await (await get('/images', first)).text())?.[1] ?? '';
    expect((await post('/logout', { csrf }, { cookie: first })).headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await get('/images', first)).status).toBe(303);
    expect((await get('/images', second)).status).toBe(200);
    clock += 8 * 3_600_000 + 1;
    expect((await get('/images', second)).status).toBe(303);
  });

  test('a form from elsewhere does nothing', async () => {
    const { digest } = await running.image(1);
    const cookie = await signIn();
    const rows = (): Promise<readonly unknown[]> => running.store.history('mine', digest, 100);
    const before = (await rows()).length;
    expect((await post(`/images/${digest}/evaluate`, {}, { cookie })).status).toBe(403);
    expect((await post(`/images/${digest}/evaluate`, { csrf: 'guessed' }, { cookie })).status).toBe(403);
    expect((await post('/login', { token: running.tokens.other }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await rows()).toHaveLength(before);
    const csrf = /name="csrf" value="([^"]+)"/.exec(await (await get('/images', cookie)).text())?.[1] ?? '';
    clock += 1000;
    expect((await post(`/images/${digest}/evaluate`, { csrf }, { cookie })).status).toBe(303);
    expect(await rows()).toHaveLength(before + 1);
  });

  test('another account sees no image, and a reader changes nothing', async () => {
    const { digest } = await running.image(1);
    const other = await signIn(running.tokens.other);
    expect((await get(`/images/${digest}`, other)).status).toBe(404);
    expect(await (await get('/images?q=small', other)).text()).toContain('No image has');
    const reader = await signIn(running.tokens.reader);
    const text = await (await get(`/images/${digest}`, reader)).text();
    expect(text).not.toContain('/evaluate"');
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    expect((await post(`/images/${digest}/evaluate`, { csrf }, { cookie: reader })).status).toBe(403);
  });

  test.each(['/login', '/images', '/images/none', '/vulnerabilities', '/policies'])('%s allows no script, no frame and nothing from elsewhere, and is not kept', async (path) => {
    const { headers } = await get(path, await signIn());
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('what is asked for is shown as text', async () => {
    const hostile = '"><script>alert(1)</script>';
    for (const path of [`/images?q=${encodeURIComponent(hostile)}`, `/vulnerabilities?id=${encodeURIComponent(hostile)}`]) {
      const text = await (await get(path, await signIn())).text();
      expect(text).not.toContain('<script');
      expect(text).toContain('&quot;&gt;&lt;script&gt;');
    }
  });

  test('policies show their versions and what was uploaded', async () => {
    const bundle = { id: 'p<1>', version: '1_0', name: '<b>Mine</b>', rules: [{ id: 'r', gate: 'always', trigger: 'always', action: 'WARN', params: [] }] };
    expect((await running.ask(running.tokens.mine, 'POST', `${ROOT}/policies`, bundle)).status).toBe(201);
    const cookie = await signIn();
    expect(await (await get('/policies', cookie)).text()).toContain('&lt;b&gt;Mine&lt;/b&gt;');
    expect(await (await get(`/policies/${encodeURIComponent('p<1>')}`, cookie)).text()).toContain('&quot;trigger&quot;: &quot;always&quot;');
  });
});
