import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveOf, importOf, type ImageArchive, type Members } from '../../scripts/serve/archives.js';
import { LiveAdvisories } from '../../src/serve/advisories.js';
import { serve, type RunningServer, type ServeOptions } from '../../src/serve/serve.js';
import { openStore } from '../../src/serve/store/open.js';
import type { Store } from '../../src/serve/store/store.js';
import { openAdvisories } from '../../src/evaluation/advisories/open.js';
import { newToken, tokenHash } from '../../src/serve/tokens.js';

export const ROOT = '/api/scanning/v1';

/** A path that would be markup. */
export const HOSTILE_PATH = '/srv/"><img src=x onerror=alert(1)>/<script>alert(2)</script>\u202ekey';

/** An analysis as small as one can be that has something to find: a package of npm, and a private key at a hostile path. */
export function smallMembers(): Members {
  const digest = `sha256:${'d'.repeat(64)}`;
  const imageId = 'e'.repeat(64);
  const base = (values: Record<string, string>): unknown => ({ base: values });
  const analysis = { document: [{ image: { imageId, imagedata: {
    analyzer_manifest: {},
    analysis_report: {
      analyzer_meta: { analyzer_meta: base({ DISTRO: 'debian', DISTROVERS: '12', LIKEDISTRO: 'debian' }) },
      package_list: { 'pkgs.npms': base({ '/srv/node_modules/ms/package.json': JSON.stringify({ name: 'ms', lics: ['MIT'], versions: ['2.0.0'], latest: '2.0.0', origins: [], sourcepkg: 'ms' }) }) },
      file_list: { 'files.all': base({ [HOSTILE_PATH]: '0o644' }) },
      secret_search: { 'regexp_matches.all': base({ [HOSTILE_PATH]: JSON.stringify({ [Buffer.from('PRIV_KEY=(?i)-+BEGIN(.*)PRIVATE KEY-+').toString('base64')]: [0] }) }) },
    },
    image_report: {
      meta: { imageId, humanname: 'docker.io/library/small:1', sizebytes: 5_000_000 }, layers: [], dockerfile_mode: 'Guessed', dockerfile_contents: 'FROM scratch\n', docker_data: {},
      docker_history: [{ Created: '2026-01-01T00:00:00Z', CreatedBy: 'COPY . /srv', Comment: '', Id: `sha256:${'f'.repeat(64)}`, Size: 10 }],
    },
  } } }] };
  const record = { imageDigest: digest, analysis_status: 'analyzed', image_detail: [{ registry: 'docker.io', repo: 'library/small', tag: '1', digest, imageId }] };
  return new Map([
    ['analysis', JSON.stringify(analysis)],
    ['archive_manifest', JSON.stringify({ account: 'mine', image_digest: digest, metadata: { image_id: imageId, image_record: JSON.stringify(record) }, artifacts: [] })],
  ]);
}

export interface Running {
  readonly server: RunningServer;
  readonly store: Store;
  readonly folder: string;
  readonly tokens: { readonly mine: string; readonly other: string; readonly reader: string };
  /** What was logged, parsed. */
  readonly events: Record<string, unknown>[];
  /** The same, as it was written. */
  readonly lines: string[];
  ask(token: string | undefined, method: string, path: string, body?: unknown): Promise<Asked>;
  send(token: string, image: ImageArchive, path?: string): Promise<Asked>;
  /** The small image as one of another digest and tag, for the account `mine`. */
  image(number: number): Promise<ImageArchive>;
}

export interface Asked {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
  readonly headers: Headers;
}

export async function start(options: Partial<ServeOptions> & { readonly place?: string; readonly advisoryFolder?: string } = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-serve-'));
  const store = await openStore(options.place ?? join(folder, 'store.db'));
  const tokens = { mine: newToken(), other: newToken(), reader: newToken() };
  await store.addToken({ name: 'mine', role: 'scan' }, tokenHash(tokens.mine), Date.now());
  await store.addToken({ name: 'mine', role: 'read' }, tokenHash(tokens.reader), Date.now());
  await store.addToken({ name: 'other', role: 'scan' }, tokenHash(tokens.other), Date.now());
  const lines: string[] = [];
  const events: Record<string, unknown>[] = [];
  const log = (line: string): void => {
    lines.push(line);
    events.push(JSON.parse(line) as Record<string, unknown>);
  };
  const { advisoryFolder: spec } = options;
  const now = options.now ?? ((): Date => new Date());
  const advisories = spec === undefined ? null : await LiveAdvisories.open({ spec, now, log: (event, fields) => log(JSON.stringify({ event, ...fields })), open: () => openAdvisories(spec, { cacheDir: join(folder, 'cache'), env: {} }) });
  const server = await serve({ store, advisories, host: '127.0.0.1', port: 0, tls: undefined, privateWebhooks: true, ...options, log });
  const read = async (answer: Response): Promise<Asked> => {
    const text = await answer.text();
    return { status: answer.status, text, body: /^[{[]/.test(text) ? JSON.parse(text) as unknown : text, headers: answer.headers };
  };
  const authorization = (token: string | undefined): Record<string, string> => token === undefined ? {} : { authorization: `Bearer ${token}` };
  const members = smallMembers();
  return {
    server, store, folder, tokens, events, lines,
    ask: async (token, method, path, body) => read(await fetch(`${server.url}${path}`, { method, redirect: 'manual', headers: authorization(token), ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) })),
    send: async (token, image, path = '/sync/import/images') => {
      const { headers, body } = importOf(image);
      return read(await fetch(`${server.url}${ROOT}${path}`, { method: 'POST', headers: { ...headers, ...authorization(token) }, body }));
    },
    image: (number) => archiveOf(members, { account: 'mine', number }),
  };
}
