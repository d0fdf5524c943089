import type { Route } from './api/route.js';
import type { Metrics } from './metrics.js';
import type { Store } from './store/store.js';
import type { Workers } from './work/job.js';
import { Fault } from './api/fault.js';

/** For those who run the server: whether it lives, whether it can work, and how much it did. */
export function healthRoutes(store: Store, metrics: Metrics, workers: Workers, stopping: () => boolean): Route[] {
  return [
    { method: 'GET', path: '/healthz', summary: 'Whether the process lives', access: 'open', answer: async () => ({ body: { status: 'ok' } }) },
    {
      method: 'GET', path: '/readyz', summary: 'Whether it can work', access: 'open',
      answer: async () => {
        if (stopping()) throw new Fault(503, 'The server is stopping.');
        await store.ping().catch(() => { throw new Fault(503, 'The database does not answer.'); });
        return { body: { status: 'ready' } };
      },
    },
    { method: 'GET', path: '/metrics', summary: 'Counters, as Prometheus reads them', access: 'open', gives: 'text/plain', answer: async () => ({ body: metrics.text(workers.load), type: 'text/plain; version=0.0.4; charset=utf-8' }) },
  ];
}
