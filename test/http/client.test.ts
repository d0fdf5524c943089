import { afterEach, describe, expect, test } from '@jest/globals';
import { BackendError } from '../../src/errors.js';
import { HttpClient } from '../../src/http/client.js';
import { dispatcher } from '../../src/http/dispatcher.js';
import { pauseBefore, retryAfterOf } from '../../src/http/retry.js';
import { cutShort, inTurn, loopback, reset, silence, status, type Answering, type LoopbackServer } from './server.js';

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const TOKEN = 'a-token-that-nobody-may-see';

async function client(answer: Answering, options: { retries?: number; deadline?: number } = {}): Promise<{ http: HttpClient; server: LoopbackServer; pauses: number[] }> {
  server = await loopback(answer);
  const pauses: number[] = [];
  const http = new HttpClient({
    base: server.url, dispatcher: dispatcher(''), headers: { authorization: `Bearer ${TOKEN}` }, who: 'The backend',
    retry: { retries: options.retries ?? 3, deadline: Date.now() + (options.deadline ?? 60_000), sleep: async (pause) => { pauses.push(pause); }, random: () => 1 },
  });
  return { http, server, pauses };
}

describe('what is asked again', () => {
  test.each([
    ['503 twice, then 200', inTurn(status(503), status(503), status(200)), 'GET', 200, 3],
    ['a lost connection, then 200', inTurn(reset, status(200)), 'GET', 200, 2],
    ['half a body, then 200', inTurn(cutShort, status(200)), 'GET', 200, 2],
    ['500 of a GET', inTurn(status(500), status(200)), 'GET', 200, 2],
    ['500 of a POST: never', inTurn(status(500), status(200)), 'POST', 500, 1],
    ['401: never', inTurn(status(401), status(200)), 'GET', 401, 1],
    ['403: never', inTurn(status(403), status(200)), 'GET', 403, 1],
    ['404: never', inTurn(status(404), status(200)), 'GET', 404, 1],
    ['413: never', inTurn(status(413), status(200)), 'POST', 413, 1],
    ['503 for ever', status(503), 'GET', 503, 4],
  ] as const)('%s', async (_, answer, method, expected, requests) => {
    const { http, server: { asked } } = await client(answer);
    expect((await http.send({ method, path: '/x' })).status).toBe(expected);
    expect(asked).toHaveLength(requests);
  });
});

test('a server that is silent is asked again as often as its client allows, however often the policy would', async () => {
  server = await loopback(silence);
  const http = new HttpClient({
    base: server.url, dispatcher: dispatcher(''), headers: {}, who: 'The service', timeout: 500, retriesAfterSilence: 1,
    retry: { retries: 9, deadline: Date.now() + 60_000, sleep: async () => undefined, random: () => 0 },
  });
  await expect(http.send({ method: 'GET', path: '/' })).rejects.toThrow(/The service did not answer in time/);
  expect(server.asked).toHaveLength(2);
});

test('waits as long as the server asks, by seconds or by a date', async () => {
  const { http, pauses } = await client(inTurn(status(429, {}, { 'retry-after': '7' }), status(200)));
  await http.send({ method: 'GET', path: '/' });
  expect(pauses).toEqual([7000]);
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterOf('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
  expect(retryAfterOf('soon', now)).toBeUndefined();
});

test('does not wait beyond the deadline', async () => {
  const { http, server: { asked } } = await client(status(429, {}, { 'retry-after': '3600' }));
  expect((await http.send({ method: 'GET', path: '/' })).status).toBe(429);
  expect(asked).toHaveLength(1);
  expect(pauseBefore(1, undefined, { retries: 1, deadline: 100, sleep: async () => undefined, random: () => 1 }, 99)).toBeUndefined();
});

test('a server that says nothing is an error in time, and the token is in no message', async () => {
  const { http } = await client(silence, { retries: 0 });
  const failure = await http.send({ method: 'GET', path: '/', timeout: 100 }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(BackendError);
  expect(String(failure)).toMatch(/did not answer in time/);
  expect(String(failure)).not.toContain(TOKEN);
});

test('nobody there is an error that names the host', async () => {
  const { http, server: gone } = await client(status(200), { retries: 1 });
  await gone.close();
  await expect(http.send({ method: 'GET', path: '/' })).rejects.toThrow(/could not be reached \(ECONNREFUSED\): GET 127\.0\.0\.1/);
});

test('a redirect is not followed: the token goes to no other host', async () => {
  const other = await loopback(status(200));
  try {
    const { http } = await client(status(302, {}, { location: `${other.url}/x` }));
    expect((await http.send({ method: 'GET', path: '/' })).status).toBe(302);
    expect(other.asked).toEqual([]);
  } finally {
    await other.close();
  }
});

test('a CA file that holds none is the user\'s to mend', () => {
  expect(() => dispatcher('/nosuch.pem')).toThrow(/cannot be read/);
  expect(() => dispatcher(new URL(import.meta.url).pathname)).toThrow(/holds no certificate/);
});
