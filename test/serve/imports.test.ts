import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importOf, pack, type ImageArchive } from '../../scripts/serve/archives.js';
import { mutations } from '../../scripts/serve/mutations.js';
import { ROOT, smallMembers, start, type Asked, type Running } from './running.js';

/** Limits that a test can reach. */
const LIMITS = { body: 300_000, members: 2_000_000, membersAtOnce: 8_000_000, bodyTime: 1500 };

let running: Running;
let good: ImageArchive;
beforeAll(async () => {
  running = await start({ limits: LIMITS });
  good = await running.image(1);
});
afterAll(async () => { await running.server.stop(); });

/** A refusal says why, in a sentence, and leaks nothing of how the server is made. */
function expectRefusal({ status, body, text }: Asked): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(body).toMatchObject({ httpcode: status, message: expect.stringMatching(/^[A-Z].*[.…]$/) });
  expect(text).not.toMatch(/node_modules|src\/|\.ts:|SQLITE|SELECT/);
}

const archive = (change: (members: Map<string, string>) => void): Promise<Buffer> => {
  const members = smallMembers();
  change(members);
  return pack(members);
};

describe('an archive', () => {
  test.each([
    ['that is no gzip', async () => Buffer.from('nothing of the kind'), 409, /no gzipped tar/],
    ['that is cut', async () => good.archive.subarray(0, 200), 409, /is cut/],
    ['that is empty', async () => Buffer.alloc(0), 409, /no gzipped tar/],
    ['that is a gzip of no tar', async () => gzipSync('x'.repeat(5000)), 409, /no gzipped tar/],
    ['that is a bomb', async () => gzipSync(Buffer.alloc(50_000_000)), 413, /more than 2000000 bytes/],
    ['with a member that is a bomb', () => archive((members) => members.set('analysis', ' '.repeat(20_000_000))), 413, /more than 2000000 bytes/],
    ['with an extended header that is a bomb', async () => gzipSync(Buffer.concat([paxHeader(40_000_000), Buffer.alloc(40_000_000)])), 409, /no gzipped tar/],
    ['with too many members', () => archive((members) => { for (let number = 0; number < 20; number += 1) members.set(`m${number}`, ''); }), 413, /more than 16 members/],
    ['without a manifest', () => archive((members) => members.delete('archive_manifest')), 409, /no member archive_manifest/],
    ['without an analysis', async () => (await changed('archive_manifest', (text) => text, (members) => members.delete('analysis'))), 409, /no member analysis/],
    ['whose manifest is no JSON', () => archive((members) => members.set('archive_manifest', '{')), 409, /not JSON/],
    ['of another account', () => changed('archive_manifest', (text) => text.replace('"account":"mine"', '"account":"other"')), 400, /the token belongs to another/],
    ['of another image than its headers say', () => archive(() => undefined), 400, /not the header's digestId/],
    ['whose analysis is a deep nest', () => changed('analysis', () => '['.repeat(100_000) + ']'.repeat(100_000)), 409, /not an analysis report|not JSON/],
    ['whose analysis is of another shape', () => changed('analysis', () => '{"__proto__":{"document":[]}}'), 409, /not an analysis report/],
  ])('%s is refused', async (_, make, status, message) => {
    const answer = await running.send(running.tokens.mine, { ...good, archive: await make() });
    expectRefusal(answer);
    expect({ status: answer.status, message: (answer.body as { message: string }).message }).toEqual({ status, message: expect.stringMatching(message) });
    expect(await running.store.digests('mine')).toEqual([]);
  });

  /** The good archive with a member that is changed. */
  async function changed(name: string, change: (text: string) => string, more: (members: Map<string, string>) => void = () => undefined): Promise<Buffer> {
    const members = new Map(smallMembers());
    const given = members.get('archive_manifest') ?? '';
    const was = JSON.parse(given) as { image_digest: string; metadata: { image_id: string } };
    for (const [member, text] of members) {
      const ours = text.replaceAll(was.image_digest, good.digest).replaceAll(was.metadata.image_id, good.imageId);
      members.set(member, member === name ? change(ours) : ours);
    }
    more(members);
    return pack(members);
  }
});

describe('a request', () => {
  test.each([
    ['an imageId that is none', { imageId: '../../etc/passwd' }],
    ['a digest that is SQL', { digestId: "sha256:' OR 1=1 --" }],
    ['a name without a tag', { imageName: 'nginx' }],
    ['a name with a space', { imageName: 'docker.io/a b:1' }],
    ['no form', { 'content-type': 'application/json' }],
    ['a form without a boundary', { 'content-type': 'multipart/form-data' }],
    ['a form with an empty boundary', { 'content-type': 'multipart/form-data; boundary=' }],
  ])('with %s is refused', async (_, headers) => {
    const sent = importOf(good);
    const answer = await fetch(`${running.server.url}${ROOT}/import/images`, { method: 'POST', headers: { ...sent.headers, ...headers, authorization: `Bearer ${running.tokens.mine}` }, body: sent.body });
    const text = await answer.text();
    expectRefusal({ status: answer.status, text, body: JSON.parse(text) as unknown, headers: answer.headers });
  });

  test.each([['of a length that is too much', true], ['that goes on and on', false]])('with a body %s is told so before it is sent', async (_, isKnown) => {
    const { headers } = importOf(good);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = httpRequest(`${running.server.url}${ROOT}/import/images`, { method: 'POST', headers: { ...headers, authorization: `Bearer ${running.tokens.mine}`, ...(isKnown ? { 'content-length': 10_000_000 } : {}) } }, (answer) => {
        answer.resume();
        clearInterval(more);
        sending.destroy();
        resolve(answer.statusCode);
      });
      sending.on('error', reject);
      sending.write('--a-boundary-that-no-archive-has\r\nContent-Disposition: form-data; name="archive_file"; filename="x"\r\n\r\n');
      const more = setInterval(() => { sending.write(Buffer.alloc(64_000)); }, 2);
    });
    // what is no archive may be seen before there is too much of it
    expect(isKnown ? [413] : [409, 413]).toContain(status);
  });

  test.each([
    ['a body that does not come', `POST ${ROOT}/import/images HTTP/1.1\r\nhost: x\r\nauthorization: Bearer TOKEN\r\ncontent-type: multipart/form-data; boundary=b\r\nimageid: ${'a'.repeat(64)}\r\ndigestid: sha256:${'a'.repeat(64)}\r\nimagename: docker.io/a:1\r\ncontent-length: 1000\r\n\r\n--b`, 408],
    ['a head that does not end', 'GET / HTTP/1.1\r\nhost: x\r\n', 408],
    ['what is no HTTP', 'hello\r\n\r\n', 400],
    ['a head that is too long', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
    ['two lengths', `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n`, 400],
    ['a target that is no path', 'GET // HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 404],
    ['a target with a NUL', `GET ${ROOT}/anchore/images?fulltag=%00 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 404],
  ])('with %s is ended', async (_, text, status) => {
    const answer = await raw(text.replace('TOKEN', running.tokens.mine));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/"message":"[A-Z][^"]*\."/);
  }, 20_000);
});

test('a client that reads no answer before it has sent everything gets its 413, and no reset', async () => {
  const patient = await start({ limits: { body: 300_000 } });
  const { headers } = importOf(good);
  const length = 30_000_000;
  const { hostname, port } = new URL(patient.server.url);
  const socket = connect(Number(port), hostname);
  const head = Object.entries({ ...headers, authorization: `Bearer ${patient.tokens.mine}`, host: 'x', 'content-length': length }).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  let got = '';
  const ended = new Promise<void>((resolve, reject) => { socket.on('close', () => resolve()).on('error', reject); });
  socket.pause();
  socket.write(`POST ${ROOT}/import/images HTTP/1.1\r\n${head}\r\n`);
  for (let sent = 0; sent < length; sent += 1_000_000) {
    if (!socket.write(Buffer.alloc(1_000_000))) await Promise.race([ended, new Promise((resolve) => { socket.once('drain', resolve); })]);
  }
  socket.on('data', (chunk: Buffer) => { got += chunk.toString(); }).resume();
  await ended;
  await patient.server.stop();
  expect(got).toMatch(/^HTTP\/1\.1 413 [^]*connection: close[^]*"message":"The body has more than \d+ bytes/i);
}, 30_000);

test.each([
  ['of a token that is not known', { authorization: 'Bearer nonsense', 'content-length': 1000 }, 401],
  ['of a length that is too much', { 'content-length': 10_000_000 }, 413],
  ['of neither', { 'content-length': 1000 }, 100],
])('who asks whether to go on, with a request %s, is told before it sends anything', async (_, more, status) => {
  const { hostname, port } = new URL(running.server.url);
  const socket = connect(Number(port), hostname);
  const head = Object.entries({ ...importOf(good).headers, authorization: `Bearer ${running.tokens.mine}`, host: 'x', expect: '100-continue', ...more }).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`POST ${ROOT}/import/images HTTP/1.1\r\n${head}\r\n`);
  const first = await new Promise<Buffer>((resolve, reject) => { socket.once('data', resolve).once('error', reject); });
  expect(first.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  socket.destroy();
});

test('connections are kept for longer than clients keep theirs, and clients are told how long', async () => {
  const answer = await fetch(`${running.server.url}/healthz`);
  expect(answer.headers.get('keep-alive')).toBe('timeout=75');
});

test('of mutated imports none is a 500, and nothing half stored is left', async () => {
  const seen = new Map<number, number>();
  for (const { headers, body } of mutations(await running.image(2), { seed: 7, runs: 300 })) {
    const answer = await fetch(`${running.server.url}${ROOT}/sync/import/images`, { method: 'POST', headers: { ...headers, authorization: `Bearer ${running.tokens.mine}` }, body: new Uint8Array(body) });
    const text = await answer.text();
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    if (answer.status !== 200) expectRefusal({ status: answer.status, text, body: JSON.parse(text) as unknown, headers: answer.headers });
  }
  expect([...seen.keys()].filter((status) => ![200, 400, 409, 413].includes(status))).toEqual([]);
  for (const digest of await running.store.digests('mine')) {
    const image = await running.store.image('mine', digest);
    expect(await running.store.evaluation('mine', digest, image?.names[0] ?? '')).toBeDefined();
  }
  expect(running.events.filter(({ event }) => event === 'error')).toEqual([]);
  await running.store.deleteImage('mine', (await running.image(2)).digest);
}, 60_000);

test('imports that together are more than the memory allows are told to come back', async () => {
  const small = await start({ limits: { membersAtOnce: 1000 } });
  try {
    const answer = await small.send(small.tokens.mine, await small.image(1));
    expect({ status: answer.status, again: answer.headers.get('retry-after') }).toEqual({ status: 503, again: '5' });
    // what was taken is given back
    expect((await small.send(small.tokens.mine, await small.image(1))).status).toBe(503);
  } finally {
    await small.server.stop();
  }
});

test('a good one is taken, once', async () => {
  expect((await running.send(running.tokens.mine, good)).status).toBe(200);
  const again = await running.send(running.tokens.mine, good);
  expect(again).toMatchObject({ status: 409, body: { message: 'Conflict: Image already exists in system. No restore possible.' } });
});

function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(running.server.url);
    const socket = connect(Number(port), hostname, () => { socket.write(text); });
    let got = '';
    socket.on('data', (chunk: Buffer) => { got += chunk.toString('utf8'); });
    socket.on('close', () => { resolve(got); });
    socket.on('error', reject);
  });
}

/** The header of an extended header of so many bytes. Source: POSIX pax. */
function paxHeader(size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write('PaxHeader', 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('x', 156);
  header.write('ustar\u000000', 257);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
