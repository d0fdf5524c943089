import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { analyze, type Analyzed } from '../../src/analyze.js';
import { EmbeddedBackend } from '../../src/backend/embedded.js';
import { connectSysdig } from '../../src/backend/sysdig/connect.js';
import type { Evaluation } from '../../src/evaluation/evaluation.js';
import { NO_EXCEPTIONS } from '../../src/evaluation/exceptions/exception.js';
import { loadPolicies } from '../../src/evaluation/policy/loadPolicies.js';
import { serve, type RunningServer } from '../../src/serve/serve.js';
import { openStore } from '../../src/serve/store/open.js';
import type { Store } from '../../src/serve/store/store.js';
import { newToken, tokenHash } from '../../src/serve/tokens.js';

const SHOP = fileURLToPath(new URL('../../examples/shop/shop.tar.gz', import.meta.url));
const TOOL = { name: 'inline-scan', version: 'test' };
const ROOT = '/api/scanning/v1';

let analyzed: Analyzed;
let server: RunningServer;
let store: Store;
let folder: string;
const tokens = { mine: newToken(), other: newToken(), reader: newToken() };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inline-scan-serve-'));
  const host = { env: {}, platform: process.platform, workspace: folder, now: () => new Date(), say: () => undefined, progress: () => undefined };
  analyzed = await analyze({ source: { archive: SHOP }, platform: '', name: '', dockerfile: '', target: '', cache: false, analysis: { analyzers: [], analyzerConfig: '' } }, folder, host);
  store = await openStore(join(folder, 'store.db'));
  await store.addToken({ name: 'mine', role: 'scan' }, tokenHash(tokens.mine), Date.now());
  await store.addToken({ name: 'mine', role: 'read' }, tokenHash(tokens.reader), Date.now());
  await store.addToken({ name: 'other', role: 'scan' }, tokenHash(tokens.other), Date.now());
  server = await serve({ store, advisories: null, host: '127.0.0.1', port: 0, tls: undefined, log: () => undefined });
}, 60_000);

afterAll(async () => { await server.stop(); });

function backend(token: string): ReturnType<typeof connectSysdig> {
  return connectSysdig({ url: `${server.url}/`, token, caCert: '', archiveFile: join(folder, 'analysis-archive.tgz'), tool: TOOL, onProgress: () => undefined });
}

async function ask(token: string | undefined, method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${server.url}${path}`, { method, headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) as unknown : text };
}

describe('the client and the server', () => {
  let evaluation: Evaluation;
  beforeAll(async () => { evaluation = await backend(tokens.mine).evaluate(analyzed); }, 60_000);

  test('say what the embedded evaluator says', async () => {
    const embedded = new EmbeddedBackend({ bundles: await loadPolicies(['default'], () => undefined), exceptions: NO_EXCEPTIONS, vex: NO_EXCEPTIONS, advisories: null, tool: TOOL, now: () => new Date(), onExplained: () => undefined });
    const here = await embedded.evaluate(analyzed);
    const shape = ({ findings, verdict, status }: Evaluation): unknown => ({ verdict, status, findings: findings.map(({ id, gate, trigger, action, message }) => ({ id, gate, trigger, action, message })) });
    expect(shape(evaluation)).toEqual(shape(here));
    expect(evaluation.findings.length).toBeGreaterThan(0);
    expect(evaluation.resultUrl).toContain('/secure/#/scanning/scan-results/');
  });

  test('nothing is uploaded twice', async () => {
    const again = await backend(tokens.mine).evaluate(analyzed);
    expect(again.verdict).toBe(evaluation.verdict);
    expect(await store.digests('mine')).toEqual([analyzed.image.digest]);
  });

  test('another account sees nothing of it', async () => {
    const { digest } = analyzed.image;
    for (const path of [`/anchore/images/${digest}`, `/anchore/images/${digest}/check?tag=${analyzed.image.name}`, `/anchore/images/by_id/${analyzed.image.id}`, `/images/${digest}/vulnDirect/all`, `/images/${digest}/policyEvaluation`]) {
      expect((await ask(tokens.other, 'GET', `${ROOT}${path}`)).status).toBe(404);
    }
    expect((await ask(tokens.other, 'GET', `${ROOT}/anchore/images`)).body).toEqual([]);
    expect((await ask(tokens.other, 'DELETE', `${ROOT}/anchore/images/${digest}`)).status).toBe(404);
  });

  test('another name is unknown until it is added', async () => {
    const path = `${ROOT}/anchore/images/${analyzed.image.digest}/check?tag=docker.io/more:1`;
    expect(await ask(tokens.mine, 'GET', path)).toMatchObject({ status: 404, body: { message: 'could not find any evaluations for input images' } });
    expect((await ask(tokens.mine, 'PUT', `${ROOT}/images/${analyzed.image.digest}/addAlias`, { fulltag: 'docker.io/more:1' })).status).toBe(200);
    expect((await ask(tokens.mine, 'GET', path)).status).toBe(200);
  });

  test('a policy of one\'s own decides, and one that cannot be understood is not taken', async () => {
    const bundle = JSON.parse(readFileSync(new URL('../../src/evaluation/policy/builtin/dockerfile-best-practices.json', import.meta.url), 'utf8')) as Record<string, unknown>;
    expect((await ask(tokens.mine, 'POST', `${ROOT}/policies`, bundle)).status).toBe(201);
    expect((await ask(tokens.mine, 'POST', `${ROOT}/policies`, { ...bundle, version: '9' })).status).toBe(400);
    const check = await ask(tokens.mine, 'GET', `${ROOT}/anchore/images/${analyzed.image.digest}/check?tag=${analyzed.image.name}&forceReload=true`);
    expect(check.body).toMatchObject([{ [analyzed.image.digest]: { [analyzed.image.name]: [{ policyId: 'dockerfile-best-practices' }] } }]);
  });
});

test.each([
  ['no token', undefined, 'GET', `${ROOT}/anchore/status`, 401],
  ['a token that is not known', 'nonsense', 'GET', `${ROOT}/anchore/status`, 401],
  ['a reader', tokens.reader, 'GET', `${ROOT}/anchore/status`, 200],
  ['a reader that would write', tokens.reader, 'POST', `${ROOT}/policies`, 403],
  ['no such path', tokens.mine, 'GET', `${ROOT}/nothing`, 404],
  ['another method', tokens.mine, 'DELETE', `${ROOT}/account`, 405],
  ['a path that cannot be decoded', tokens.mine, 'GET', `${ROOT}/anchore/images/%E0%A4%A`, 404],
  ['a path out of the API', tokens.mine, 'GET', `${ROOT}/../../../etc/passwd`, 404],
  ['SQL as a digest', tokens.mine, 'GET', `${ROOT}/anchore/images/${encodeURIComponent("' OR 1=1 --")}`, 404],
  ['health', undefined, 'GET', '/healthz', 200],
  ['readiness', undefined, 'GET', '/readyz', 200],
])('%s: %s %s %s is %i', async (_, token, method, path, status) => {
  expect((await ask(token, method, path)).status).toBe(status);
});

test('OpenAPI names every route that is served, and no other', async () => {
  const { body } = await ask(undefined, 'GET', '/openapi.json') as { body: { openapi: string; paths: Record<string, Record<string, unknown>> } };
  expect(body.openapi).toBe('3.1.0');
  for (const [path, operations] of Object.entries(body.paths)) {
    for (const method of Object.keys(operations)) {
      const answer = await ask(undefined, method.toUpperCase(), path.replace(/\{\w+\}/g, 'x'));
      expect({ path, method, status: answer.status }).toEqual({ path, method, status: path.startsWith(ROOT) ? 401 : 200 });
    }
  }
});

test('OpenAPI is what its specification says, and names each operation once', async () => {
  const { body } = await ask(undefined, 'GET', '/openapi.json') as { body: { paths: Record<string, Record<string, { operationId: string }>> } };
  const validator = new Validator();
  expect(await validator.validate(structuredClone(body))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  const ids = Object.values(body.paths).flatMap((operations) => Object.values(operations).map(({ operationId }) => operationId));
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  // the validator is one: what is no document is told
  expect((await validator.validate({ ...structuredClone(body), info: {} })).valid).toBe(false);
});

test('metrics count by route, never by path', async () => {
  const { body } = await ask(undefined, 'GET', '/metrics');
  expect(body).toMatch(/inline_scan_requests_total\{method="GET",route="\/anchore\/images\/\{digest\}\/check",status="200"\} \d+/);
  expect(body).not.toContain(analyzed.image.digest);
});
