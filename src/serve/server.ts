import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { Fault, faultBody } from './api/fault.js';
import type { Limits } from './api/limits.js';
import { matchPath, type Answered, type Route } from './api/route.js';
import type { Metrics } from './metrics.js';
import { tokenHash } from './tokens.js';
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
  readonly metrics: Metrics;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** The HTTP server: routes, tokens, limits, one log line a request. */
export function createServer(options: ServerOptions): Server {
  let working = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const start = process.hrtime.bigint();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const found = findRoute(options, request.method ?? '', pathname);
    working += 1;
    const answered = await respond(options, found, request, searchParams, working).catch((error: unknown) => failed(error, options));
    working -= 1;
    send(response, answered, request.method === 'HEAD');
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const route = found.route?.path ?? 'none';
    options.metrics.request(request.method ?? '', route, answered.status ?? 200, seconds);
    options.log('request', { method: request.method, route, status: answered.status ?? 200, seconds: Number(seconds.toFixed(4)) });
  };
  const server = options.tls === undefined ? createHttpServer() : createHttpsServer(options.tls);
  server.requestTimeout = options.limits.bodyTime;
  server.headersTimeout = Math.min(20_000, options.limits.bodyTime);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => { void answer(request, response); });
  server.on('clientError', (_error, socket) => { socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n'); });
  return server;
}

interface Found {
  readonly route: Route | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly otherMethod: boolean;
}

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

async function respond(options: ServerOptions, { route, path, otherMethod }: Found, request: IncomingMessage, query: URLSearchParams, working: number): Promise<Answered> {
  if (working > options.limits.concurrency && route?.access !== 'open') throw new Fault(503, 'The server is at work on as much as it takes. Come back in a moment.', { 'retry-after': '2' });
  if (route === undefined) throw otherMethod ? new Fault(405, 'This path is not asked with this method.') : new Fault(404, 'There is nothing at this path.');
  const account = route.access === 'open' ? NOBODY : await authorize(options.store, request, route);
  return route.handle({ account, path, query, request, json: () => readJson(request) });
}

const NOBODY: Account = { name: '', role: 'read' };

/** A bearer token, or the same as user name of HTTP Basic, which old clients send. @throws Fault 401 or 403 */
async function authorize(store: Store, request: IncomingMessage, route: Route): Promise<Account> {
  const account = await accountOf(store, request.headers.authorization);
  if (account === undefined) throw new Fault(401, 'Bad credentials', { 'www-authenticate': 'Bearer' });
  if (route.access === 'scan' && account.role !== 'scan') throw new Fault(403, 'This token may read, and change nothing.');
  return account;
}

export async function accountOf(store: Store, authorization: string | undefined): Promise<Account | undefined> {
  const [, scheme = '', credentials = ''] = /^(bearer|basic) +(\S{1,4096})$/i.exec(authorization ?? '') ?? [];
  const token = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '' : credentials;
  return token === '' ? undefined : store.accountOf(tokenHash(token));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_JSON) throw new Fault(413, `The body has more than ${LARGEST_JSON} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Fault(400, 'The body is not JSON.');
  }
}

/** A bug is logged with its stack, and told without it. */
function failed(error: unknown, { log }: ServerOptions): Answered {
  if (error instanceof Fault) return { status: error.status, body: faultBody(error), type: 'application/json', headers: error.headers };
  log('error', { error: error instanceof Error ? error.stack ?? error.message : String(error) });
  return { status: 500, body: faultBody(new Fault(500, 'The server failed. Its log says why.')), type: 'application/json' };
}

function send(response: ServerResponse, { status = 200, body, type, headers = {} }: Answered, headOnly: boolean): void {
  if (response.destroyed) return;
  const isRaw = type !== undefined && (typeof body === 'string' || body instanceof Uint8Array);
  const bytes = isRaw ? Buffer.from(body as string | Uint8Array) : Buffer.from(JSON.stringify(body));
  // a client whose body was not read to its end must not use the connection again
  const rest = response.req.complete ? {} : { connection: 'close' };
  response.writeHead(status, { 'content-type': type ?? 'application/json', 'content-length': bytes.length, 'x-content-type-options': 'nosniff', ...rest, ...headers });
  response.end(headOnly ? undefined : bytes);
}
