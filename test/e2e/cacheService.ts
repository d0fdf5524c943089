import type { ServerResponse } from 'node:http';
import { loopback, status, type Asked } from '../http/server.js';

/**
 * A runner's cache service, version 2, on the loopback: the three twirp calls of @actions/cache 6 and as much of an Azure blob as they use.
 * Entries belong to a ref; a run reads its own, its base's and the default branch's, and writes its own (GitHub, "Restrictions for accessing a cache").
 */
export interface ImitatedService {
  readonly env: Readonly<Record<string, string>>;
  /** `REF KEY` of what is kept. */
  keys(): readonly string[];
  /** The environment of a run: `ref` is where it writes, `base` what else it reads. */
  run(ref: string, ...base: readonly string[]): Readonly<Record<string, string>>;
  /** How it behaves from here on. */
  mood: 'well' | 'broken' | 'readonly' | 'garbled';
  close(): Promise<void>;
}

interface Entry { readonly ref: string; readonly key: string; readonly version: string; bytes: Buffer; blocks: Map<string, Buffer>; isFinal: boolean }

export async function imitateCacheService(): Promise<ImitatedService> {
  const entries: Entry[] = [];
  const server = await loopback(answer);
  const address = `${server.url}/`;

  function answer(request: Asked, response: ServerResponse): void {
    const { body } = request;
    const url = new URL(request.path, address);
    const json = (code: number, value: unknown): void => { status(code, value)(request, response); };
    if (service.mood === 'broken') return json(403, { code: 'permission_denied', msg: 'the service is not well' });
    const call = /^\/twirp\/github\.actions\.results\.api\.v1\.CacheService\/(\w+)$/.exec(url.pathname)?.[1];
    if (call === undefined) return blob(request, response, url);
    const asked = JSON.parse(body.toString()) as { key: string; version: string; restore_keys?: string[]; restoreKeys?: string[] };
    const refs = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1]?.split(',') ?? [];
    if (call === 'CreateCacheEntry') {
      if (service.mood === 'readonly') return json(200, { ok: false, message: 'cache write denied: the run is not trusted' });
      if (entries.some(({ ref, key, version }) => ref === refs[0] && key === asked.key && version === asked.version)) return json(409, { code: 'already_exists', msg: 'cache entry with the same key, version, and scope already exists' });
      entries.push({ ref: refs[0] ?? '', key: asked.key, version: asked.version, bytes: Buffer.alloc(0), blocks: new Map(), isFinal: false });
      return json(200, { ok: true, signed_upload_url: `${address}blob/${entries.length - 1}?sig=x` });
    }
    if (call === 'FinalizeCacheEntryUpload') {
      const entry = entries.find(({ ref, key, version }) => ref === refs[0] && key === asked.key && version === asked.version);
      if (entry !== undefined) entry.isFinal = true;
      return json(200, { ok: entry !== undefined, entry_id: String(entry === undefined ? -1 : entries.indexOf(entry)) });
    }
    const wanted = (exact: boolean, name: string): Entry | undefined => refs.flatMap((ref) => entries.filter((entry) => entry.isFinal && entry.ref === ref && entry.version === asked.version && (exact ? entry.key === name : entry.key.startsWith(name))).slice(-1))[0];
    const found = wanted(true, asked.key) ?? (asked.restore_keys ?? asked.restoreKeys ?? []).flatMap((prefix) => wanted(false, prefix) ?? [])[0];
    return json(200, found === undefined ? { ok: false } : { ok: true, signed_download_url: `${address}blob/${entries.indexOf(found)}?sig=x`, matched_key: found.key });
  }

  function blob({ method, body }: Asked, response: ServerResponse, url: URL): void {
    const entry = entries[Number(/^\/blob\/(\d+)$/.exec(url.pathname)?.[1] ?? -1)];
    if (entry === undefined) { response.writeHead(404).end(); return; }
    if (method === 'PUT') {
      const part = url.searchParams.get('comp');
      if (part === 'block') entry.blocks.set(url.searchParams.get('blockid') ?? '', body);
      else if (part === 'blocklist') entry.bytes = Buffer.concat([...body.toString().matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)].map(([, id = '']) => entry.blocks.get(id) ?? Buffer.alloc(0)));
      else entry.bytes = body;
      response.writeHead(201, { etag: '"1"', 'last-modified': new Date(0).toUTCString(), 'x-ms-version': '2024-05-04', 'x-ms-request-id': '1' }).end();
      return;
    }
    const bytes = service.mood === 'garbled' ? Buffer.from('this is no archive of any kind') : entry.bytes;
    response.writeHead(200, { 'content-length': bytes.length }).end(method === 'HEAD' ? undefined : bytes);
  }

  const env = { ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: address, GITHUB_SERVER_URL: 'https://github.com' };
  const service: ImitatedService = {
    env, mood: 'well',
    keys: () => entries.filter(({ isFinal }) => isFinal).map(({ ref, key }) => `${ref} ${key}`),
    run: (ref, ...base) => ({ ...env, ACTIONS_RUNTIME_TOKEN: [ref, ...base].join(','), GITHUB_REF_NAME: ref }),
    close: () => server.close(),
  };
  return service;
}
