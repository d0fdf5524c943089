import { createServer as createHttpServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { readText } from './api/body.js';
import { Fault, faultBody } from './api/fault.js';
import type { Limits } from './api/limits.js';
import { matchPath, type Answered, type Route } from './api/route.js';
import type { Metrics } from './metrics.js';
import { tokenHash } from './tokens.js';
import { StoreBusy } from './store/database.js';
import type { Account, Store } from './store/store.js';

/** Where the API is, as Sysdig Secure has it. */
export const API_ROOT = '/api/scanning/v1';

/** Bodies of JSON: bundles are the largest. */
const LARGEST_JSON = 20 * 1024 * 1024;

export interface ServerOptions {
  readonly store: Store;
  readonly routes: readonly Route[];
  /** Whole paths, outside of the API: health, metrics, pages. They see to their own access. */
  readonly pages: readonly Route[];
  readonly limits: Limits;
  /** True once the server is about to end: connections are not kept. */
  readonly stopping: () => boolean;
  readonly metrics: Metrics;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Milliseconds that an idle connection is kept: longer than clients and proxies keep theirs, so that none is closed while it is used again. */
const KEEP_ALIVE = 75_000;

/** The HTTP server: routes, tokens, limits, one log line a request. */
export function createServer(options: ServerOptions): Server {
  const { bodyTime } = options.limits;
  const often = {
    keepAliveTimeout: KEEP_ALIVE,
    connectionsCheckingInterval: Math.min(5000, bodyTime), requestTimeout: bodyTime, headersTimeout: Math.min(20_000, bodyTime),
  };
  const server = options.tls === undefined ? createHttpServer(often) : createHttpsServer({ ...options.tls, ...often });
  const working: Working = { read: 0, scan: 0 };
  const serveRequest = (request: IncomingMessage, response: ServerResponse): void => {
    answer(options, working, request, response).catch((error: unknown) => {
      options.log('error', { error: error instanceof Error ? error.stack ?? error.message : String(error) });
      response.destroy();
    });
  };
  server.on('request', serveRequest);
  // a client that asks first, as curl does, is told of a wrong token or a length that is too much before it sends anything
  server.on('checkContinue', serveRequest);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // an answer that has begun is not followed by another
    if (!socket.writable || (socket as { _httpMessage?: ServerResponse })._httpMessage?.headersSent === true) {
      socket.destroy();
      return;
    }
    const fault = CLIENT_FAULTS[error.code ?? ''] ?? new Fault(400, 'This is not a request of HTTP/1.1.');
    const body = faultBody(fault);
    socket.end(`HTTP/1.1 ${fault.status} ${STATUS_CODES[fault.status] ?? ''}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
  });
  return server;
}

/** What node refuses before there is a request. */
const CLIENT_FAULTS: Readonly<Record<string, Fault>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Fault(408, 'The request took too long to come.'),
  HPE_HEADER_OVERFLOW: new Fault(431, 'The headers are too long.'),
};

/** How many requests are worked on: those that read are not held up by those that import. */
type Working = Record<'read' | 'scan', number>;

async function answer(options: ServerOptions, working: Working, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const start = process.hrtime.bigint();
  const method = request.method ?? '';
  const url = urlOf(request.url ?? '');
  const found = url === undefined ? NOTHING : findRoute(options, method, url.pathname);
  const kind = found.route?.access === 'scan' ? 'scan' : 'read';
  working[kind] += 1;
  const answered = await respond(options, found, request, response, url?.searchParams ?? new URLSearchParams(), working[kind]).catch((error: unknown) => failed(error, options));
  working[kind] -= 1;
  send(response, options.stopping() ? { ...answered, headers: { ...answered.headers, connection: 'close' } } : answered, method === 'HEAD', options.limits.bodyTime);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const route = found.route?.path ?? 'none';
  const status = answered.status ?? 200;
  options.metrics.request(method, route, status, seconds);
  options.log('request', { method, route, status, seconds: Number(seconds.toFixed(4)) });
}

/** undefined where it is none, or holds a NUL, which no text of ours does. */
function urlOf(target: string): URL | undefined {
  const path = target.startsWith('/') ? `http://localhost${target}` : target;
  return /%00/.test(target) || !URL.canParse(path) ? undefined : new URL(path);
}

interface Found {
  readonly route: Route | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly otherMethod: boolean;
}

const NOTHING: Found = { route: undefined, path: {}, otherMethod: false };

function findRoute({ routes, pages }: ServerOptions, method: string, pathname: string): Found {
  const isApi = pathname.startsWith(`${API_ROOT}/`);
  const path = isApi ? pathname.slice(API_ROOT.length) : pathname;
  let otherMethod = false;
  for (const route of isApi ? routes : pages) {
    const values = matchPath(route.path, path);
    if (values === undefined) continue;
    if (route.method === method || (route.method === 'GET' && method === 'HEAD')) return { route, path: values, otherMethod };
    otherMethod = true;
  }
  return { route: undefined, path: {}, otherMethod };
}

async function respond(options: ServerOptions, { route, path, otherMethod }: Found, request: IncomingMessage, response: ServerResponse, query: URLSearchParams, working: number): Promise<Answered> {
  if (working > options.limits.concurrency && route?.access !== 'open') throw new Fault(503, 'The server is at work on as much as it takes. Come back in a moment.', { 'retry-after': '2' });
  if (route === undefined) throw otherMethod ? new Fault(405, 'This path is not asked with this method.') : new Fault(404, 'There is nothing at this path.');
  const account = route.access === 'open' ? NOBODY : await authorize(options.store, request, route);
  if (Number(request.headers['content-length'] ?? 0) > options.limits.body) throw new Fault(413, `The body has more than ${options.limits.body} bytes. Leave analyzers out.`);
  if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue();
  return route.answer({ account, path, query, request, json: () => readJson(request) });
}

const NOBODY: Account = { name: '', role: 'read' };

/** A bearer token, or the same as user name of HTTP Basic, which old clients send. @throws Fault 401 or 403 */
async function authorize(store: Store, request: IncomingMessage, route: Route): Promise<Account> {
  const account = await accountOf(store, request.headers.authorization);
  if (account === undefined) throw new Fault(401, 'Bad credentials', { 'www-authenticate': 'Bearer' });
  if (route.access === 'scan' && account.role !== 'scan') throw new Fault(403, 'This token may read, and change nothing.');
  return account;
}

async function accountOf(store: Store, authorization: string | undefined): Promise<Account | undefined> {
  const [, scheme = '', credentials = ''] = /^(bearer|basic) +(\S{1,4096})$/i.exec(authorization ?? '') ?? [];
  const token = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '' : credentials;
  return token === '' ? undefined : store.accountOf(tokenHash(token));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request, LARGEST_JSON);
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault(400, 'The body is not JSON.');
  }
}

/** A bug is logged with its stack, and told without it. */
function failed(error: unknown, { log }: Pick<ServerOptions, 'log'>): Answered {
  if (error instanceof StoreBusy) {
    log('database away', { error: error.cause instanceof Error ? error.cause.message : String(error.cause) });
    return failed(new Fault(503, error.message, { 'retry-after': '2' }), { log });
  }
  if (error instanceof Fault) return { status: error.status, body: faultBody(error), type: 'application/json', headers: error.headers };
  log('error', { error: error instanceof Error ? error.stack ?? error.message : String(error) });
  return { status: 500, body: faultBody(new Fault(500, 'The server failed. Its log says why.')), type: 'application/json' };
}

/** Most bytes of a body that are let flow away after its answer: a client that reads no answer before it has sent all gets its answer still. */
const MOST_DRAINED = 1024 * 1024 * 1024;

/** @param linger milliseconds for the rest of a body whose answer is known; then the connection is cut */
function send(response: ServerResponse, { status = 200, body, type, headers = {} }: Answered, headOnly: boolean, linger: number): void {
  if (response.destroyed) return;
  const isRaw = type !== undefined && (typeof body === 'string' || body instanceof Uint8Array);
  const bytes = isRaw ? Buffer.from(body as string | Uint8Array) : Buffer.from(JSON.stringify(body));
  const { req: request } = response;
  // answers are an account's own: nobody between keeps them
  // who has sent only a part of its request may not have understood where the next begins
  const ending = request.complete ? {} : { connection: 'close' };
  response.writeHead(status, { 'content-type': type ?? 'application/json', 'content-length': bytes.length, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', ...headers, ...ending });
  if (request.complete) {
    response.end(headOnly ? undefined : bytes);
    return;
  }
  // the answer goes out at once, and the connection is ended when the rest has flowed away: ended earlier, it would be reset, and the answer lost
  let drained = 0;
  const end = (): void => { clearTimeout(cut); response.end(); };
  const cut = setTimeout(() => { request.destroy(); }, linger);
  response.write(headOnly ? '' : bytes);
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > MOST_DRAINED) request.destroy();
  });
  request.once('end', end);
  request.once('close', end);
  request.resume();
}
