import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Dispatcher } from 'undici';
import * as z from 'zod';
import { advisoryFolders, readJson, writeJson } from '../../../cache/advisories.js';
import { BackendError } from '../../../errors.js';
import { HttpClient } from '../../../http/client.js';
import { keyOf, type Query } from '../packages.js';
import { parseRecord } from '../parseRecord.js';
import { packageStatements, type AdvisoryRecord, type ParsedRecord, type Statement } from '../record.js';
import { baseOf, schemeOf } from '../versions/index.js';
import { asAsked, askAll, found, jsonOf } from './osvQueries.js';
import type { Coverage, Gathered, RecordSource, SourceOptions } from './source.js';

/** The public service: https://google.github.io/osv.dev/api/ */
export const OSV_SERVICE = 'https://api.osv.dev';

/** Records asked for at a time. */
const CONCURRENCY = 8;
/** For all of it, in milliseconds, where nobody says otherwise. */
const DEADLINE = 5 * 60_000;
/** For one answer, in milliseconds: the service takes some seconds for a full batch. */
const ANSWER_TIMEOUT = 30_000;
const RETRIES = 6;
/** A service that hangs twice has died: the user is kept for a minute, not for the whole deadline. */
const RETRIES_AFTER_SILENCE = 1;
/** How long an answer to a query is kept, in milliseconds: a new advisory is seen within the hour. Records are kept until a query says that they changed. */
export const ANSWERS_KEPT = 60 * 60_000;
/** Records that are looked up for their severity alone (CVEs of a distribution's advisories), at most. */
const MOST_NAMED = 2000;

const keptAnswers = z.record(z.string(), z.object({ at: z.number(), vulns: z.array(found) }));
const keptRecord = z.object({ modified: z.string(), at: z.number(), record: z.unknown() });

type KeptAnswers = z.infer<typeof keptAnswers>;

export interface OsvOptions extends SourceOptions {
  /** Milliseconds for everything that one image needs; five minutes where it is not given. */
  readonly patience?: number | undefined;
}

export class OsvSource implements RecordSource {
  private readonly base: string;
  private readonly options: OsvOptions;
  private readonly dispatcher: Dispatcher;
  private readonly folder: string;
  /** Records of this process by id; null where the service has none. */
  private readonly records = new Map<string, Promise<ParsedRecord | string | null>>();

  constructor(base: string, dispatcher: Dispatcher, options: OsvOptions) {
    this.base = base.replace(/\/+$/, '');
    this.dispatcher = dispatcher;
    this.options = options;
    this.folder = join(advisoryFolders(options.cacheDir).service, createHash('sha256').update(this.base).digest('hex').slice(0, 16));
  }

  async gather(queries: readonly Query[]): Promise<Gathered> {
    const client = this.client();
    const askable = queries.filter(({ ecosystem }) => schemeOf(ecosystem) !== undefined);
    const answers = await this.answers(client, askable);
    const wanted = new Map<string, string>();
    for (const { vulns } of answers.values()) for (const { id, modified } of vulns) wanted.set(id, modified);
    if (wanted.size > 0) this.options.onProgress(`Fetching ${wanted.size} advisories`);
    const parsed = await this.recordsOf(client, [...wanted]);
    const byKey = new Map<string, Statement[]>();
    for (const one of parsed.values()) if (typeof one !== 'string') indexStatements(one, byKey);
    const records = [...parsed.values()].filter((one) => typeof one !== 'string').filter(({ record }) => !record.withdrawn);
    const oldest = Math.min(this.options.now(), ...[...answers.values()].map(({ at }) => at));
    const fetchedAt = new Date(oldest).toISOString();
    return {
      used: { source: this.base === OSV_SERVICE ? 'osv' : this.base, records: records.length, newest: newestOf(records), fetchedAt },
      // the service is as new as the moment it was asked
      coverage: (ecosystem): Coverage => (schemeOf(ecosystem) === undefined ? { known: false, why: `${baseOf(ecosystem)} is not an ecosystem of OSV` } : { known: true, newest: fetchedAt }),
      statements: (query) => [packageStatements(byKey.get(keyOf(query.ecosystem, query.name)) ?? [])],
      named: (ids) => this.named(client, ids, records.map(({ record }) => record)),
      problems: [...parsed].flatMap(([id, one]) => (typeof one === 'string' ? [`The advisory ${id} breaks the schema and was left out: ${one}`] : [])),
      unread: [...parsed].flatMap(([id, one]) => (typeof one === 'string' ? [id] : [])),
    };
  }

  async close(): Promise<void> {
    this.records.clear();
  }

  private client(): HttpClient {
    return new HttpClient({
      base: this.base, dispatcher: this.dispatcher, headers: { accept: 'application/json' }, who: 'The advisories\u2019 service',
      networkAdvice: 'Check the proxy and the network, and run the step again; without a network give advisories as a directory (inline-scan advisories download), or none.',
      timeout: ANSWER_TIMEOUT, retriesAfterSilence: RETRIES_AFTER_SILENCE,
      retry: { retries: RETRIES, deadline: Date.now() + (this.options.patience ?? DEADLINE), ...this.options.clock }, signal: this.options.signal,
    });
  }

  /** By key of `queryKey`: what the service says of each package, from the cache where that is young enough. */
  private async answers(client: HttpClient, queries: readonly Query[]): Promise<KeptAnswersMap> {
    const path = join(this.folder, 'answers.json');
    const parsed = keptAnswers.safeParse(await readJson(path));
    const now = this.options.now();
    const kept: KeptAnswersMap = new Map(parsed.success ? Object.entries(parsed.data).filter(([, { at }]) => at <= now && now - at < ANSWERS_KEPT) : []);
    const distinct = new Map(queries.map(asAsked).map((query) => [queryKey(query), query]));
    const missing = [...distinct].filter(([key]) => !kept.has(key));
    if (missing.length > 0) {
      this.options.onProgress(`Asking for advisories of ${missing.length} packages`);
      const fresh = await askAll(client, missing);
      for (const [key, vulns] of fresh) kept.set(key, { at: now, vulns });
      await writeJson(path, Object.fromEntries(kept));
    }
    return new Map([...distinct.keys()].map((key) => [key, kept.get(key) ?? { at: now, vulns: [] }]));
  }

  /** Each record once: from this process, else from the cache if it has not changed since, else from the service. */
  private async recordsOf(client: HttpClient, wanted: readonly (readonly [string, string | null])[]): Promise<Map<string, ParsedRecord | string>> {
    const all = new Map<string, ParsedRecord | string>();
    const queue = wanted.values();
    const work = async (): Promise<void> => {
      for (const [id, modified] of queue) {
        const known = this.records.get(id) ?? this.fetchRecord(client, id, modified);
        this.records.set(id, known);
        known.catch(() => this.records.delete(id));
        const one = await known;
        if (one !== null) all.set(id, one);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return all;
  }

  private async fetchRecord(client: HttpClient, id: string, modified: string | null): Promise<ParsedRecord | string | null> {
    const path = join(this.folder, 'records', `${createHash('sha256').update(id).digest('hex').slice(0, 32)}.json`);
    const kept = keptRecord.safeParse(await readJson(path));
    const now = this.options.now();
    const isYoung = kept.success && kept.data.at <= now && now - kept.data.at < ANSWERS_KEPT;
    if (kept.success && (modified === null ? isYoung : kept.data.modified === modified)) return kept.data.record === null ? null : parseRecord(kept.data.record);
    const answer = await client.send({ method: 'GET', path: `/v1/vulns/${encodeURIComponent(id)}` });
    if (answer.status === 404 && modified === null) {
      await writeJson(path, { modified: '', at: now, record: null });
      return null;
    }
    const record = jsonOf(answer, `GET /v1/vulns/${id}`);
    const parsed = parseRecord(record);
    if (typeof parsed !== 'string' && parsed.record.id !== id) throw new BackendError(`The advisories\u2019 service sent ${parsed.record.id} when asked for ${id}. Check INLINE_SCAN_OSV_URL and the proxy.`);
    await writeJson(path, { modified: modified ?? (typeof parsed === 'string' ? '' : parsed.record.modified), at: now, record });
    return parsed;
  }

  private async named(client: HttpClient, ids: readonly string[], known: readonly AdvisoryRecord[]): Promise<readonly AdvisoryRecord[]> {
    const distinct = new Set([...new Set(ids)].slice(0, MOST_NAMED));
    const fetched = await this.recordsOf(client, [...distinct].map((id) => [id, null] as const));
    const others = known.filter((record) => record.aliases.some((alias) => distinct.has(alias)));
    return [...others, ...[...fetched.values()].filter((one) => typeof one !== 'string').map(({ record }) => record)];
  }
}

type KeptAnswersMap = Map<string, KeptAnswers[string]>;

function queryKey({ ecosystem, name, version }: Query): string {
  return `${ecosystem}\n${name}\n${version}`;
}

function indexStatements({ record, statements }: ParsedRecord, byKey: Map<string, Statement[]>): void {
  if (record.withdrawn) return;
  for (const statement of statements) {
    const key = keyOf(statement.affected.ecosystem, statement.affected.name);
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [{ record, ...statement }]);
    else list.push({ record, ...statement });
  }
}

function newestOf(records: readonly ParsedRecord[]): string | null {
  return records.map(({ record }) => record.modified).sort().at(-1) ?? null;
}
