import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void;
export interface Call { readonly method: string; readonly path: string; readonly body: string }

export interface Service {
  readonly url: string;
  /** What it was asked, in order. */
  readonly calls: Call[];
  close(): void;
}

export async function loopbackService(handler: Handler): Promise<Service> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      calls.push({ method: request.method ?? '', path: request.url ?? '', body });
      handler(request, body, response);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

interface BatchQuery { readonly package: { readonly name: string; readonly ecosystem: string }; readonly version: string; readonly page_token?: string }

/** Speaks the API of OSV's service about the given records. */
export function speak(records: readonly Record<string, unknown>[], pageSize = 1000): Handler {
  return (request, body, response) => {
    const id = /^\/v1\/vulns\/(.+)$/.exec(request.url ?? '')?.[1];
    if (id !== undefined) {
      const record = records.find((one) => one['id'] === decodeURIComponent(id));
      response.writeHead(record === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(record ?? { code: 5 }));
      return;
    }
    const { queries } = JSON.parse(body) as { queries: readonly BatchQuery[] };
    const results = queries.map((query) => {
      const found = records.filter((record) => (record['affected'] as { package: { name: string; ecosystem: string } }[]).some((one) => one.package.name === query.package.name && (one.package.ecosystem === query.package.ecosystem || one.package.ecosystem.startsWith(`${query.package.ecosystem}:`))));
      const start = Number(query.page_token ?? '0');
      const vulns = found.slice(start, start + pageSize).map((record) => ({ id: record['id'], modified: record['modified'] }));
      return vulns.length === 0 ? {} : { vulns, ...(start + pageSize < found.length ? { next_page_token: String(start + pageSize) } : {}) };
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ results }));
  };
}
