import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStore } from '../../src/serve/store/open.js';
import { tokenHash } from '../../src/serve/tokens.js';
import { pack } from '../../src/serve/work/packed.js';
import type { Store, StoredEvaluation, StoredImage } from '../../src/serve/store/store.js';

const postgres = process.env['INLINE_SCAN_TEST_POSTGRES'];
const places: [string, string][] = [['SQLite', join(mkdtempSync(join(tmpdir(), 'inline-scan-store-')), 'store.db')]];
if (postgres !== undefined) places.push(['PostgreSQL', postgres]);

/** Each test has an account of its own: PostgreSQL stays from run to run. */
const fresh = (): string => `account-${randomUUID()}`;
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

function image(letter: string, more: Partial<StoredImage> = {}): StoredImage {
  return { digest: digest(letter), imageId: letter.repeat(64), names: [`docker.io/${letter}:1`], analyzedAt: 1000, distro: 'debian:12', sizeBytes: 2 ** 40, ...more };
}

function evaluation(letter: string, at: number, more: Partial<StoredEvaluation> = {}): StoredEvaluation {
  return { digest: digest(letter), name: `docker.io/${letter}:1`, policyId: 'default', evaluatedAt: at, verdict: 'stop', status: 'fail', stops: 2, warnings: 1, text: `{"at":${at}}`, ...more };
}

test('a file of SQLite is its owner\'s alone', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'inline-scan-store-')), 'own.db');
  const store = await openStore(path);
  await store.addToken({ name: 'a', role: 'scan' }, 'hash', 1);
  for (const file of [path, `${path}-wal`]) expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  await store.close();
});

function add(store: Store, account: string, { text, ...row }: StoredEvaluation, vulnerabilities: readonly string[]): Promise<boolean> {
  return store.addEvaluation(account, row, pack(text), vulnerabilities);
}

describe.each(places)('%s', (_, place) => {
  let store: Store;
  beforeAll(async () => { store = await openStore(place); });
  afterAll(async () => { await store.close(); });

  test('a token leads to its account, and no other does', async () => {
    const account = fresh();
    const hash = randomUUID();
    await store.addToken({ name: account, role: 'scan' }, hash, 7);
    expect(await store.accountOf(hash)).toEqual({ name: account, role: 'scan' });
    expect(await store.accountOf(`${hash}x`)).toBeUndefined();
    await store.addToken({ name: account, role: 'read' }, hash, 8);
    expect(await store.accountOf(hash)).toEqual({ name: account, role: 'read' });
  });

  test('tokens are listed without what could be shown as one, and revoked with their sessions', async () => {
    const [mine, other] = [fresh(), fresh()];
    const hashes = ['a', 'b'].map((letter) => tokenHash(`${letter}${mine}`));
    await store.addToken({ name: mine, role: 'scan' }, hashes[0] ?? '', 1000);
    await store.addToken({ name: mine, role: 'read' }, hashes[1] ?? '', 2000);
    await store.addToken({ name: other, role: 'scan' }, tokenHash(other), 3000);
    const session = randomUUID();
    await store.addSession(session, hashes[1] ?? '', 10_000);
    const tokens = await store.tokens(mine);
    expect(tokens).toEqual([
      { id: hashes[0]?.slice(0, 12), name: mine, role: 'scan', createdAt: 1000 }, { id: hashes[1]?.slice(0, 12), name: mine, role: 'read', createdAt: 2000 },
    ]);
    expect((await store.tokens(undefined)).map(({ name }) => name)).toEqual(expect.arrayContaining([mine, other]));
    const id = tokens[1]?.id ?? '';
    expect(await store.session(session, 1)).toEqual({ name: mine, role: 'read' });
    for (const none of ['', '%', '____________', id.slice(0, 11), `${id}0`]) expect(await store.deleteToken(none, undefined)).toBe(false);
    expect(await store.deleteToken(id, other)).toBe(false);
    expect(await store.deleteToken(id, mine)).toBe(true);
    expect(await store.accountOf(hashes[1] ?? '')).toBeUndefined();
    expect(await store.session(session, 1)).toBeUndefined();
    expect(await store.accountOf(hashes[0] ?? '')).toEqual({ name: mine, role: 'scan' });
    expect(await store.deleteToken(tokens[0]?.id ?? '', undefined)).toBe(true);
    expect(await store.tokens(mine)).toEqual([]);
  });

  test('an image is kept once, with its report, and found by digest, id and name', async () => {
    const account = fresh();
    const report = new TextEncoder().encode('{"document":[]}');
    expect(await store.addImage(account, image('a'), report)).toBe(true);
    expect(await store.addImage(account, image('a', { names: ['docker.io/other:1'] }), report)).toBe(false);
    expect(await store.image(account, digest('a'))).toEqual(image('a'));
    expect(await store.image(account, 'a'.repeat(64))).toEqual(image('a'));
    expect(Buffer.from(await store.report(account, digest('a')) ?? []).toString()).toBe('{"document":[]}');
    expect(await store.addName(account, digest('a'), 'docker.io/more:1')).toBe(true);
    expect(await store.addName(account, digest('b'), 'docker.io/more:1')).toBe(false);
    expect((await store.images(account, { text: 'more', limit: 10, offset: 0 })).map(({ names }) => names)).toEqual([['docker.io/a:1', 'docker.io/more:1']]);
    expect(await store.images(account, { text: '%', limit: 10, offset: 0 })).toEqual([]);
  });

  test('another account sees nothing', async () => {
    const [mine, other] = [fresh(), fresh()];
    await store.addImage(mine, image('a'), new Uint8Array());
    await add(store, mine, evaluation('a', 1), ['CVE-1']);
    await store.addPolicy(mine, { id: 'p', name: 'P', text: '{}' }, 1);
    await store.addWebhook(mine, { id: 'w', url: 'https://x', secret: 's' });
    expect(await store.image(other, digest('a'))).toBeUndefined();
    expect(await store.report(other, digest('a'))).toBeUndefined();
    expect(await store.images(other, { text: '', limit: 10, offset: 0 })).toEqual([]);
    expect(await store.evaluation(other, digest('a'), 'docker.io/a:1')).toBeUndefined();
    expect(await store.imagesWith(other, 'CVE-1')).toEqual([]);
    expect(await store.policies(other)).toEqual([]);
    expect(await store.webhooks(other)).toEqual([]);
    expect(await store.deleteImage(other, digest('a'))).toBe(false);
    expect(await store.deletePolicy(other, 'p')).toBe(false);
    expect(await store.deleteWebhook(other, 'w')).toBe(false);
  });

  test('the latest evaluation counts, and the images that a vulnerability hits are those of the latest', async () => {
    const account = fresh();
    await store.addImage(account, image('a'), new Uint8Array());
    await add(store, account, evaluation('a', 1), ['CVE-1', 'GHSA-1', 'CVE-1']);
    await add(store, account, evaluation('a', 2, { verdict: 'go', status: 'pass' }), ['CVE-2']);
    expect(await store.evaluation(account, digest('a'), 'docker.io/a:1')).toEqual(evaluation('a', 2, { verdict: 'go', status: 'pass' }));
    expect((await store.history(account, digest('a'), 10)).map(({ evaluatedAt }) => evaluatedAt)).toEqual([2, 1]);
    expect(await store.imagesWith(account, 'CVE-1')).toEqual([]);
    expect(await store.imagesWith(account, 'CVE-2')).toEqual([{ digest: digest('a'), name: 'docker.io/a:1' }]);
  });

  test('a deleted image takes its evaluations along', async () => {
    const account = fresh();
    await store.addImage(account, image('a'), new Uint8Array());
    await add(store, account, evaluation('a', 1), ['CVE-1']);
    expect(await store.deleteImage(account, digest('a'))).toBe(true);
    expect(await store.evaluation(account, digest('a'), 'docker.io/a:1')).toBeUndefined();
    expect(await store.imagesWith(account, 'CVE-1')).toEqual([]);
    expect(await store.digests(account)).toEqual([]);
  });

  test('policies have versions; one is active, and that is not deleted', async () => {
    const account = fresh();
    expect(await store.addPolicy(account, { id: 'a', name: 'A', text: '1' }, 1)).toBe(1);
    expect(await store.addPolicy(account, { id: 'b', name: 'B', text: '2' }, 2)).toBe(1);
    expect(await store.addPolicy(account, { id: 'a', name: 'A', text: '3' }, 3)).toBe(2);
    expect(await store.activePolicy(account)).toMatchObject({ id: 'a', version: 2, text: '3' });
    expect(await store.activatePolicy(account, 'b')).toBe(true);
    expect(await store.activatePolicy(account, 'none')).toBe(false);
    expect(await store.activePolicy(account)).toMatchObject({ id: 'b' });
    expect(await store.deletePolicy(account, 'b')).toBe(false);
    expect(await store.deletePolicy(account, 'a')).toBe(true);
    expect((await store.policies(account)).map(({ id }) => id)).toEqual(['b']);
  });

  test('whoever comes at once is neither lost nor doubled', async () => {
    const account = fresh();
    const added = await Promise.all(Array.from({ length: 20 }, (_unused, index) => store.addImage(account, image('abcde'[index % 5] ?? 'a'), new Uint8Array([index]))));
    expect(added.filter((isNew) => isNew)).toHaveLength(5);
    expect(await store.digests(account)).toHaveLength(5);
  });

  test('texts that would be SQL are texts', async () => {
    const account = `${fresh()}'; DROP TABLE images; --`;
    await store.addImage(account, image('a', { names: ["x'); DELETE FROM names; --"] }), new Uint8Array());
    expect((await store.image(account, digest('a')))?.names).toEqual(["x'); DELETE FROM names; --"]);
  });
});
