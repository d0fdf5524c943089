import type { ServerResponse } from 'node:http';
import { loopback, status, type Asked } from '../http/server.js';

/**
 * A cache service of version 1 on the loopback, as GitHub Enterprise Server has it: the five calls of @actions/cache 6 (internal/cacheHttpClient),
 * below `_apis/artifactcache/`.
 */
export interface ImitatedV1 {
  /** With what a runner of GitHub Enterprise Server tells of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Keys of what is kept. */
  keys(): readonly string[];
  /** Requests, as `METHOD path`. */
  readonly asked: readonly string[];
  /** How it behaves from here on: `taken`, another job reserves the same key; `full`, the entry is over the limit; `interrupted`, downloads end early. */
  mood: 'well' | 'taken' | 'full' | 'interrupted' | 'denied';
  close(): Promise<void>;
}

interface Entry { readonly key: string; readonly version: string; bytes: Buffer; isFinal: boolean }

export async function imitateV1(): Promise<ImitatedV1> {
  const entries: Entry[] = [];
  const server = await loopback(answer);
  const address = `${server.url}/`;

  function answer(request: Asked, response: ServerResponse): void {
    const { body } = request;
    const url = new URL(request.path, address);
    const json = (code: number, value: unknown): void => { status(code, value)(request, response); };
    const blob = /^\/blob\/(\d+)$/.exec(url.pathname);
    if (blob !== null) return download(response, entries[Number(blob[1])]?.bytes ?? Buffer.alloc(0));
    const call = /^\/_apis\/artifactcache\/(cache|caches)(?:\/(\d+))?$/.exec(url.pathname);
    if (call === null) return json(404, {});
    if (service.mood === 'denied') return json(403, { message: 'cache read denied: no scope can be read' });
    const entry = entries[Number(call[2] ?? 0) - 1];
    if (call[1] === 'cache') return find(url, json, response);
    if (request.method === 'GET') return json(200, { totalCount: 0, artifactCaches: [] });
    if (request.method === 'PATCH' && entry !== undefined) {
      entry.bytes = Buffer.concat([entry.bytes, body]);
      response.writeHead(204).end();
      return;
    }
    const told = JSON.parse(body.toString()) as { key: string; version: string; size?: number };
    if (entry !== undefined) {
      entry.isFinal = told.size === entry.bytes.length;
      response.writeHead(204).end();
      return;
    }
    if (service.mood === 'full') return json(400, { message: 'Cache size of ~11 GB is over the data cap limit, not saving cache.' });
    if (service.mood === 'taken' || entries.some(({ key, version }) => key === told.key && version === told.version)) return json(409, { message: `Cache already exists. Key: ${told.key}` });
    entries.push({ key: told.key, version: told.version, bytes: Buffer.alloc(0), isFinal: false });
    return json(201, { cacheId: entries.length });
  }

  function find(url: URL, json: (status: number, value: unknown) => void, response: ServerResponse): void {
    const version = url.searchParams.get('version');
    const kept = entries.filter((entry) => entry.isFinal && entry.version === version);
    const found = (url.searchParams.get('keys') ?? '').split(',').flatMap((key) => kept.findLast((entry) => entry.key === key) ?? kept.findLast((entry) => entry.key.startsWith(key)) ?? [])[0];
    if (found === undefined) response.writeHead(204).end();
    else json(200, { cacheKey: found.key, archiveLocation: `${address}blob/${entries.indexOf(found)}` });
  }

  function download(response: ServerResponse, bytes: Buffer): void {
    response.writeHead(200, { 'content-length': bytes.length });
    if (service.mood === 'interrupted') response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    else response.end(bytes);
  }

  const service: ImitatedV1 = {
    get asked() { return server.asked.map(({ method, path }) => `${method} ${new URL(path, address).pathname}`); },
    mood: 'well',
    env: { ACTIONS_CACHE_URL: address, ACTIONS_RUNTIME_TOKEN: 'x', GITHUB_SERVER_URL: 'https://github.acme.example', GITHUB_REF_NAME: 'main' },
    keys: () => entries.filter(({ isFinal }) => isFinal).map(({ key }) => key),
    close: () => server.close(),
  };
  return service;
}
