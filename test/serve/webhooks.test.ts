import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT, start, type Running } from './running.js';

interface Received {
  readonly path: string;
  readonly signature: string;
  readonly text: string;
}

let running: Running;
let receiver: Server;
let address: string;
const received: Received[] = [];
/** How many more are refused. */
let refusals = 0;

beforeAll(async () => {
  running = await start();
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', signature: String(request.headers['x-inline-scan-signature']), text: Buffer.concat(chunks).toString('utf8') });
      if (request.url === '/redirect') response.writeHead(307, { location: `${address}/elsewhere` });
      else response.statusCode = request.url === '/never' || refusals-- > 0 ? 503 : 204;
      response.end();
    });
  });
  await new Promise<void>((resolve) => { receiver.listen(0, '127.0.0.1', resolve); });
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await running.server.stop();
}, 60_000);

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => { setTimeout(resolve, 20); });
}

async function add(path: string): Promise<{ id: string; secret: string }> {
  const answer = await running.ask(running.tokens.mine, 'POST', `${ROOT}/webhooks`, { url: `${address}${path}` });
  expect(answer.status).toBe(201);
  return answer.body as { id: string; secret: string };
}

test.each([
  ['no URL', {}], ['what is no URL', { url: 'nonsense' }], ['a file', { url: 'file:///etc/passwd' }], ['a script', { url: 'javascript:alert(1)' }], ['a number', { url: 1 }], ['a list', []], ['what is no JSON', 'nonsense'],
])('%s is no webhook', async (_, body) => {
  expect((await running.ask(running.tokens.mine, 'POST', `${ROOT}/webhooks`, body)).status).toBe(400);
});

test('a verdict that changes is told, signed, again where it was refused, and once', async () => {
  const { secret } = await add('/hook?of=mine');
  refusals = 1;
  const image = await running.image(1);
  await running.send(running.tokens.mine, image);
  await until(() => received.length >= 2);
  for (const { path, signature, text } of received) {
    expect(path).toBe('/hook?of=mine');
    expect(signature).toBe(`sha256=${createHmac('sha256', secret).update(text).digest('hex')}`);
    expect(JSON.parse(text)).toMatchObject({ event: 'verdict', image: { digest: image.digest, name: image.name }, verdict: 'stop', before: null, status: 'fail' });
  }
  // the same verdict again is no event
  await running.ask(running.tokens.mine, 'POST', `${ROOT}/images/${image.digest}/evaluate`);
  await running.ask(running.tokens.mine, 'POST', `${ROOT}/policies`, { id: 'none', version: '1_0', name: 'None', rules: [] });
  await running.ask(running.tokens.mine, 'POST', `${ROOT}/images/${image.digest}/evaluate`);
  await until(() => received.length >= 3);
  expect(JSON.parse(received[2]?.text ?? '')).toMatchObject({ verdict: 'go', before: 'stop', status: 'pass' });
  expect(received).toHaveLength(3);
}, 30_000);

test('where it leads inside, it is neither added nor asked', async () => {
  const strict = await start({ privateWebhooks: false });
  try {
    const { tokens, store, ask } = strict;
    for (const url of [`${address}/inside`, 'http://localhost:1/', 'http://[::1]/', 'http://169.254.169.254/latest/meta-data', 'http://2130706433/', 'http://0x7f.1/', 'https://db.internal/', 'http://localhost./']) {
      const answer = await ask(tokens.mine, 'POST', `${ROOT}/webhooks`, { url });
      expect({ url, status: answer.status }).toEqual({ url, status: 400 });
      expect(answer.text).toContain('this machine or its networks');
    }
    // one that was added before, by whoever allowed it then
    await store.addWebhook('mine', { id: 'old', url: `${address}/inside`, secret: 's' });
    received.length = 0;
    await strict.send(tokens.mine, await strict.image(1));
    await until(() => strict.events.some(({ event }) => event === 'webhook failed'));
    expect(strict.events.find(({ event }) => event === 'webhook failed')).toMatchObject({ id: 'old', error: expect.stringContaining('an address of this machine') });
    expect(received).toEqual([]);
  } finally {
    await strict.server.stop();
  }
}, 30_000);

test('a redirect is not followed, and no success', async () => {
  const { id } = await add('/redirect');
  received.length = 0;
  await running.send(running.tokens.mine, await running.image(7));
  await until(() => running.events.some((event) => event['id'] === id));
  expect(running.events.find((event) => event['id'] === id)).toMatchObject({ event: 'webhook failed', status: 307 });
  expect(received.map(({ path }) => path)).not.toContain('/elsewhere');
  await running.ask(running.tokens.mine, 'DELETE', `${ROOT}/webhooks/${id}`);
}, 30_000);

test('the secret is told once', async () => {
  const { text } = await running.ask(running.tokens.mine, 'GET', `${ROOT}/webhooks`);
  expect(text).toContain('/hook');
  expect(text).not.toContain('secret');
});

test('one that fails holds nothing up', async () => {
  await add('/never');
  received.length = 0;
  const image = await running.image(2);
  expect((await running.send(running.tokens.mine, image)).status).toBe(200);
  await until(() => received.some(({ path }) => path === '/never'));
  // the failing one is still being tried, and an import that is evaluated later goes on
  const other = await running.image(3);
  expect((await running.send(running.tokens.mine, other, '/import/images')).status).toBe(200);
  const check = (): Promise<{ status: number }> => running.ask(running.tokens.mine, 'GET', `${ROOT}/anchore/images/${other.digest}/check?tag=${other.name}`);
  let { status } = await check();
  while (status === 404) ({ status } = await check());
  expect(status).toBe(200);
}, 30_000);
