import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { SysdigBackend } from '../../../src/backend/sysdig/backend.js';
import { connectSysdig } from '../../../src/backend/sysdig/connect.js';
import { BackendError, InputError } from '../../../src/errors.js';
import { selfSigned } from '../../http/certificates.js';
import { proxy, type Proxy } from '../../http/proxy.js';
import { loopback, status, type LoopbackServer } from '../../http/server.js';
import { says, standIn } from './standIn.js';
import { DIGEST, NAME, subject } from './subject.js';

const TOKEN = 'a-token-that-nobody-may-see';
const PROXY_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
const before = Object.fromEntries(PROXY_NAMES.map((name) => [name, process.env[name]]));
const open: { close(): Promise<void> }[] = [];
let tls: ReturnType<typeof selfSigned>;

beforeAll(() => { tls = selfSigned(); });
afterAll(() => { tls.remove(); });
afterEach(async () => {
  for (const name of PROXY_NAMES) setVariable(name, before[name]);
  for (const server of open.splice(0)) await server.close();
});

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

function through(variables: Readonly<Record<string, string>>): void {
  for (const name of PROXY_NAMES) setVariable(name, variables[name]);
}

function connect(url: string, caCert = ''): SysdigBackend {
  return connectSysdig({ url, token: TOKEN, caCert, archiveFile: join(subject().folder, 'a.tgz'), tool: { name: 'inline-scan', version: 'test' }, onProgress: () => undefined });
}

async function kept<Server extends { close(): Promise<void> }>(server: Promise<Server>): Promise<Server> {
  const started = await server;
  open.push(started);
  return started;
}

async function failure(asked: Promise<unknown>): Promise<Error> {
  const error = await asked.then(() => new Error('it went well'), (thrown: unknown) => thrown as Error);
  expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain(TOKEN);
  return error;
}

describe('a certificate that nobody vouches for', () => {
  test('is not trusted, and what to do is said; no request is made', async () => {
    const server = await kept(standIn({}, tls));
    const error = await failure(connect(server.url).evaluate(subject()));
    expect(error).toBeInstanceOf(BackendError);
    expect(error.message).toMatch(/^The backend has a certificate that is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\): GET 127\.0\.0\.1:\d+\. Give the certificate of its authority with backend-ca-cert/);
    expect(server.asked).toEqual([]);
  });

  test('is trusted with backend-ca-cert', async () => {
    const server = await kept(standIn({ verdict: 'warn' }, tls));
    expect(await connect(server.url, tls.certFile).evaluate(subject())).toMatchObject({ verdict: 'warn', backend: server.url });
  });

  test('of another is not trusted with it', async () => {
    const other = selfSigned();
    const server = await kept(standIn({}, other));
    expect((await failure(connect(server.url, tls.certFile).evaluate(subject()))).message).toMatch(/certificate that is not trusted/);
    other.remove();
    expect(server.asked).toEqual([]);
  });
});

describe('a redirect to another host gets no token and no upload', () => {
  test.each(['status', 'account', 'check', 'sync'] as const)('of %s', async (route) => {
    for (const code of [301, 302, 307, 308]) {
      const other = await kept<LoopbackServer>(loopback(status(200, {})));
      const server = await kept(standIn({ always: { [route]: says(code, '', { location: `${other.url}/api/scanning/v1/anchore/status` }) } }));
      const error = await failure(connect(server.url).evaluate(subject()));
      expect(error.message).toMatch(/redirects elsewhere, and a token goes to no other host/);
      expect(other.asked).toEqual([]);
    }
  });
});

describe('a proxy', () => {
  const rows: [string, (url: string) => Record<string, string>, boolean][] = [
    ['HTTPS_PROXY', (url) => ({ HTTPS_PROXY: url }), true],
    ['https_proxy', (url) => ({ https_proxy: url }), true],
    ['HTTP_PROXY alone, for https too', (url) => ({ HTTP_PROXY: url }), true],
    ['NO_PROXY with the host', (url) => ({ HTTPS_PROXY: url, NO_PROXY: 'example.com,127.0.0.1' }), false],
    ['no_proxy for all', (url) => ({ https_proxy: url, no_proxy: '*' }), false],
    ['NO_PROXY with another host', (url) => ({ HTTPS_PROXY: url, NO_PROXY: 'example.com' }), true],
    ['none', () => ({}), false],
  ];
  test.each(rows)('%s', async (_, variables, proxied) => {
    const between = await kept(proxy());
    const server = await kept(standIn({ known: { [DIGEST]: [NAME] }, verdict: 'stop' }, tls));
    through(variables(between.url));
    expect((await connect(server.url, tls.certFile).evaluate(subject())).verdict).toBe('stop');
    expect(new Set(between.connected.map(({ host }) => host))).toEqual(new Set(proxied ? [new URL(server.url).host] : []));
    // the proxy sees that there is a connection, and nothing of what is said
    expect(server.asked.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}` && headers['proxy-authorization'] === undefined)).toBe(true);
  });

  test('with a user and a password gets them, and the backend does not', async () => {
    const between = await kept(proxy());
    const server = await kept(standIn({ known: { [DIGEST]: [NAME] } }, tls));
    through({ HTTPS_PROXY: between.url.replace('http://', 'http://user:pa55@') });
    await connect(server.url, tls.certFile).evaluate(subject());
    expect(between.connected[0]?.authorization).toBe(`Basic ${Buffer.from('user:pa55').toString('base64')}`);
  });

  test.each([407, 403, 502])('that refuses with %i is named, and its password is not', async (code) => {
    const between: Proxy = await kept(proxy(code));
    through({ HTTPS_PROXY: between.url.replace('http://', 'http://user:pa55@') });
    const error = await failure(connect('https://127.0.0.1:1', tls.certFile).probe());
    expect(error.message).toBe(`The backend could not be reached: the proxy refused to connect (status ${code}): GET 127.0.0.1:1. Check HTTPS_PROXY and its user and password, or name the host in NO_PROXY.`);
    expect(`${error.stack}${String(error.cause)}`).not.toContain('pa55');
  });

  test('that is no address is the user\'s to mend', () => {
    through({ HTTPS_PROXY: 'ftp://user:pa55@proxy' });
    expect(() => connect('https://127.0.0.1:1')).toThrow(InputError);
    expect(() => connect('https://127.0.0.1:1')).toThrow(/^HTTP_PROXY or HTTPS_PROXY is no address of a proxy\. Give one such as/);
  });
});

describe('what cannot be right is not asked', () => {
  test.each([
    ['http to another host', 'http://backend.example.com', TOKEN, /not https, and the token would be readable on the way/],
    ['a user name in the address', 'https://me@backend.example.com', TOKEN, /holds a user name/],
    ['a password in the address', `https://:${'p4ss'}@backend.example.com`, TOKEN, /holds a user name/],
    ['a page', 'https://secure.sysdig.com/#/scanning/x', TOKEN, /is the address of a page/],
    ['no token', 'https://backend.example.com', '', /needs backend-token/],
    ['a token of two lines', 'https://backend.example.com', 'a\nb', /blanks or other characters that no token has/],
  ])('%s', (_, url, token, message) => {
    const connecting = (): unknown => connectSysdig({ url, token, caCert: '', archiveFile: '/nowhere', tool: { name: 'inline-scan', version: 'test' }, onProgress: () => undefined });
    expect(connecting).toThrow(InputError);
    expect(connecting).toThrow(message);
    expect(connecting).not.toThrow(/p4ss/);
  });
});
