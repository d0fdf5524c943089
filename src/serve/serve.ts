import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { InputError } from '../errors.js';
import { CLOCK, HttpClient } from '../http/client.js';
import { dispatcher } from '../http/dispatcher.js';
import { TOOL } from '../tool.js';
import { LIMITS, type Limits } from './api/limits.js';
import type { Route } from './api/route.js';
import { routes } from './api/routes/index.js';
import type { LiveAdvisories } from './advisories.js';
import { Evaluations } from './evaluations.js';
import { Everything } from './everything.js';
import { healthRoutes } from './health.js';
import { Later } from './later.js';
import { Metrics } from './metrics.js';
import { openapi } from './openapi.js';
import { pages } from './pages/index.js';
import { createServer } from './server.js';
import type { Store } from './store/store.js';
import { Turns } from './turns.js';
import { sendWebhooks } from './webhooks.js';

export interface ServeOptions {
  readonly store: Store;
  readonly advisories: LiveAdvisories | null;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Paths of PEM files, for TLS without a proxy before it. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly limits?: Partial<Limits>;
  /** One line of JSON an event. */
  readonly log: (line: string) => void;
  readonly now?: () => Date;
}

export interface RunningServer {
  readonly url: string;
  /** Takes no more, finishes what it is at, for half a minute at most, and closes the store. */
  stop(): Promise<void>;
}

/** Webhooks are tried this often, for at most this long (milliseconds). */
const WEBHOOK_RETRIES = 4;
const WEBHOOK_TIME = 120_000;

/** Milliseconds for requests, and for what follows after them, to end in a graceful stop. What is cut off then is made again when it is asked for. */
const STOP_TIME = 15_000;

/** Starts a backend; resolves when it listens. @throws InputError where the address or the certificate cannot be used */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { store, advisories, now = (): Date => new Date() } = options;
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => options.log(JSON.stringify({ at: now().toISOString(), event, ...fields }));
  const limits = { ...LIMITS, ...options.limits };
  const metrics = new Metrics();
  const later = new Later(log);
  const network = dispatcher('');
  const client = (base: string): HttpClient => new HttpClient({ base, dispatcher: network, headers: {}, who: 'The webhook', retry: { ...CLOCK, retries: WEBHOOK_RETRIES, deadline: Date.now() + WEBHOOK_TIME } });
  const notify = (account: string, event: string, body: unknown): void => later.add(`webhook events of ${account}`, () => sendWebhooks({ store, client, log, now }, account, event, body));
  const heavy = new Turns(1);
  const evaluations = new Evaluations({
    store, advisories, tool: TOOL, now, heavy,
    onEvaluated: (account, { image, verdict, status, counts }, before) => {
      metrics.evaluation(verdict);
      if (before !== verdict) notify(account, 'verdict', { image: { digest: image.digest, name: image.name }, verdict, before: before ?? null, status, counts });
    },
  });
  const everything = new Everything({ store, evaluations, later: (queue, step) => later.add(queue, step), stopping: () => later.stopping, log, now });
  const context = { store, heavy, evaluations, everything, advisories, version: TOOL.version, now, later: (queue: string, step: () => Promise<void>) => later.add(queue, step) };
  const api = routes(context, limits);
  const open: Route[] = [...healthRoutes(store, metrics, () => later.stopping)];
  open.push({ method: 'GET', path: '/openapi.json', summary: 'This document', access: 'open', handle: async () => ({ body: openapi(api, open, TOOL.version) }) });
  const server = createServer({ store, routes: api, pages: [...open, ...pages(context)], limits, metrics, stopping: () => later.stopping, tls: options.tls === undefined ? undefined : readTls(options.tls), log });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new InputError(`The server cannot listen on ${options.host}:${options.port} (${error.code ?? error.message}). Choose another --host or --port.`, { cause: error })));
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `${options.tls === undefined ? 'http' : 'https'}://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  log('listening', { url, version: TOOL.version });
  return {
    url,
    stop: async () => {
      later.stopping = true;
      server.closeIdleConnections();
      const tooLate = setTimeout(() => { server.closeAllConnections(); }, STOP_TIME);
      await new Promise<void>((resolve) => { server.close(() => resolve()); });
      clearTimeout(tooLate);
      if (!await later.finished(STOP_TIME)) log('stopped before all was done', {});
      await network.close();
      await advisories?.close();
      await store.close();
      log('stopped', {});
    },
  };
}

function readTls({ cert, key }: { readonly cert: string; readonly key: string }): { cert: string; key: string } {
  try {
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } catch (error) {
    throw new InputError(`The certificate or its key cannot be read (${error instanceof Error ? error.message : 'unknown'}). Give the paths of two PEM files.`, { cause: error });
  }
}
