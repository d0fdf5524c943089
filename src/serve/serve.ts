import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { InputError } from '../errors.js';
import { CLOCK } from '../http/client.js';
import { TOOL } from '../tool.js';
import { LIMITS, type Limits } from './api/limits.js';
import type { Route } from './api/route.js';
import { routes } from './api/routes/index.js';
import { isRemote, type LiveAdvisories } from './advisories.js';
import { Evaluations } from './evaluations.js';
import { Everything } from './everything.js';
import { healthRoutes } from './health.js';
import { Later } from './later.js';
import { Metrics } from './metrics.js';
import { openapi } from './openapi.js';
import { pages } from './pages/index.js';
import { createServer } from './server.js';
import type { Store } from './store/store.js';
import { notifier } from './webhooks.js';
import { webhookDispatcher } from './webhookTargets.js';
import { Bench } from './work/bench.js';
import type { Workers } from './work/job.js';
import { SameThread } from './work/sameThread.js';
import { Processes, workerFile, type ProcessesOptions } from './work/processes.js';

export interface ServeOptions {
  readonly store: Store;
  readonly advisories: LiveAdvisories | null;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Paths of PEM files, for TLS without a proxy before it. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly limits?: Partial<Limits>;
  /** Whether webhooks may lead to this machine and its networks; without it they may not. */
  readonly privateWebhooks?: boolean;
  /** What processes need that read and evaluate reports; without it that is done by the thread that answers. */
  readonly workers?: Pick<ProcessesOptions, 'cacheDir' | 'most' | 'memory' | 'time'> & { readonly file?: string };
  /** One line of JSON an event. */
  readonly log: (line: string) => void;
  readonly now?: () => Date;
}

export interface RunningServer {
  readonly url: string;
  /** Takes no more, finishes what it is at, for half a minute at most, and closes the store. */
  stop(): Promise<void>;
}

/** Milliseconds for requests, and for what follows after them, to end in a graceful stop. What is cut off then is made again when it is asked for. */
const STOP_TIME = 15_000;

/** Jobs of one process where advisories come over a network: while one waits, another works. */
const JOBS_THAT_WAIT = 4;

/** Starts a backend; resolves when it listens. @throws InputError where the address or the certificate cannot be used */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { store, advisories, now = (): Date => new Date() } = options;
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => options.log(JSON.stringify({ at: now().toISOString(), event, ...fields }));
  const limits = { ...LIMITS, ...options.limits };
  const metrics = new Metrics();
  const later = new Later(log);
  const letInside = options.privateWebhooks ?? false;
  const network = webhookDispatcher(letInside, process.env);
  const notify = notifier({ store, dispatcher: network, letInside, retry: CLOCK, log, now }, later);
  const workers = workersOf(options, log);
  const evaluations = new Evaluations({
    store, workers, now,
    onEvaluated: (account, { row: { digest, name, verdict, status }, counts }, before) => {
      metrics.evaluation(verdict);
      if (before !== verdict) notify(account, 'verdict', { image: { digest, name }, verdict, before: before ?? null, status, counts });
    },
  });
  const everything = new Everything({ store, evaluations, later: (queue, step) => later.add(queue, step), stopping: () => later.stopping, log, now });
  const context = { store, workers, letInside, evaluations, everything, advisories, version: TOOL.version, now, later: (queue: string, step: () => Promise<void>) => later.add(queue, step) };
  const api = routes(context, limits);
  const open: Route[] = [...healthRoutes(store, metrics, workers, () => later.stopping)];
  open.push({ method: 'GET', path: '/openapi.json', summary: 'This document', access: 'open', answer: async () => ({ body: openapi(api, open, TOOL.version) }) });
  const server = createServer({ store, routes: api, pages: [...open, ...pages(context)], limits, metrics, stopping: () => later.stopping, tls: options.tls === undefined ? undefined : readTls(options.tls), log });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new InputError(`The server cannot listen on ${options.host}:${options.port} (${error.code ?? error.message}). Choose another --host or --port.`, { cause: error })));
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `${options.tls === undefined ? 'http' : 'https'}://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  log('listening', { url, version: TOOL.version, workers: workers.most });
  return {
    url,
    stop: async () => {
      later.stopping = true;
      server.closeIdleConnections();
      const tooLate = setTimeout(() => { server.closeAllConnections(); }, STOP_TIME);
      await new Promise<void>((resolve) => { server.close(() => resolve()); });
      clearTimeout(tooLate);
      if (!await later.finished(STOP_TIME)) log('stopped before all was done', {});
      await workers.close();
      await network.close();
      await advisories?.close();
      await store.close();
      log('stopped', {});
    },
  };
}

/** Processes, where the bundle has their entry; else, as in tests from source, this thread. */
function workersOf({ advisories, workers }: ServeOptions, log: (event: string, fields: Readonly<Record<string, unknown>>) => void): Workers {
  const file = workers?.file ?? workerFile();
  if (workers === undefined || file === undefined) return new SameThread(new Bench(advisories));
  const spec = advisories?.spec ?? null;
  return new Processes({ ...workers, file, advisories: spec, jobsOfOne: spec !== null && isRemote(spec) ? JOBS_THAT_WAIT : 1, log });
}

function readTls({ cert, key }: { readonly cert: string; readonly key: string }): { cert: string; key: string } {
  try {
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } catch (error) {
    throw new InputError(`The certificate or its key cannot be read (${error instanceof Error ? error.message : 'unknown'}). Give the paths of two PEM files.`, { cause: error });
  }
}
