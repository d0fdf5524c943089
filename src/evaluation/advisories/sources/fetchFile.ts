import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { request, type Dispatcher } from 'undici';
import { BackendError } from '../../../errors.js';
import { isTimeout } from '../../../http/failure.js';
import type { Clock } from './source.js';
import { codeOf, isTransient, isTransientError, pauseBefore, retryAfterOf } from '../../../http/retry.js';

export interface FileRequest {
  readonly url: string;
  readonly dispatcher: Dispatcher;
  /** Of the copy that is there, to be told if it is still the newest. */
  readonly etag: string | null;
  readonly signal?: AbortSignal | undefined;
  /** Where the bytes go. */
  readonly path: string;
  /** Statuses that mean that there is no such file: 404 and these. */
  readonly missing?: readonly number[];
  readonly clock: Clock;
}

export type FileAnswer =
  | { readonly kind: 'new'; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'missing' };

/** In milliseconds: OSV's largest export has some 500 MB. */
const DEADLINE = 10 * 60_000;
/** A server that sends nothing for so long has died. */
const SILENCE = 30_000;
const RETRIES = 4;
/** One that is silent twice, too. */
const RETRIES_AFTER_SILENCE = 1;
/** Mirrors and stores send people on to where the file lies; more often than so it is a circle. */
const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];
/** No export is larger. */
const LARGEST_FILE = 4 * 1024 * 1024 * 1024;

/**
 * Streams a file from a server to the disk; its length and, where the server states it, its MD5 are checked.
 * @throws BackendError where it cannot be had
 */
export async function fetchFile(asked: FileRequest): Promise<FileAnswer> {
  const deadline = Date.now() + DEADLINE;
  let silences = 0;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(asked, deadline);
    if (outcome.answer !== undefined) return outcome.answer;
    if (isTimeout(outcome.error)) silences += 1;
    const pause = outcome.again && attempt <= RETRIES && silences <= RETRIES_AFTER_SILENCE ? pauseBefore(attempt, outcome.retryAfter, { retries: RETRIES, deadline, ...asked.clock }, Date.now()) : undefined;
    if (pause === undefined) throw new BackendError(`The advisories could not be downloaded: ${asked.url} ${outcome.why}. Check the address, the proxy and the network, and run the step again.`, { cause: outcome.error });
    await asked.clock.sleep(pause, asked.signal);
  }
}

interface Outcome {
  readonly answer?: FileAnswer;
  readonly why: string;
  readonly again: boolean;
  readonly retryAfter?: number | undefined;
  readonly error?: unknown;
}

async function once(asked: FileRequest, deadline: number): Promise<Outcome> {
  const limits = [AbortSignal.timeout(Math.max(1, deadline - Date.now())), ...(asked.signal === undefined ? [] : [asked.signal])];
  try {
    const { statusCode, headers, body } = await followed(asked, AbortSignal.any(limits));
    const header = (name: string): string => [headers[name] ?? ''].flat().join(', ');
    if (statusCode === 200) return await keep(asked, body, header);
    await body.dump();
    if (statusCode === 304 && asked.etag !== null) return { answer: { kind: 'unchanged' }, why: '', again: false };
    if (statusCode === 404 || asked.missing?.includes(statusCode) === true) return { answer: { kind: 'missing' }, why: '', again: false };
    return { why: `answered ${statusCode}`, again: isTransient(statusCode, true), retryAfter: retryAfterOf(headers['retry-after'] as string | undefined, Date.now()) };
  } catch (error) {
    if (asked.signal?.aborted === true || error instanceof BackendError) throw error;
    return { why: `could not be read (${codeOf(error) || (error instanceof Error ? error.message : 'unknown')})`, again: isTransientError(error), error };
  }
}

/** Nothing secret goes along, so redirects are followed wherever they lead: but not from TLS to none. */
async function followed({ url, dispatcher, etag }: FileRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  let place = new URL(url);
  for (let count = 0; ; count += 1) {
    const answer = await request(place.href, {
      dispatcher, signal, headersTimeout: SILENCE, bodyTimeout: SILENCE, headers: etag === null ? {} : { 'if-none-match': etag },
    });
    const { location } = answer.headers;
    if (!REDIRECTS.includes(answer.statusCode) || typeof location !== 'string') return answer;
    await answer.body.dump();
    const next = URL.canParse(location, place.href) ? new URL(location, place) : null;
    if (next === null || !/^https?:$/.test(next.protocol) || (place.protocol === 'https:' && next.protocol !== 'https:')) throw new BackendError(`The advisories ${url} are redirected to ${JSON.stringify(location.slice(0, 200))}, which is no address to follow. Give the right address.`);
    if (count >= MOST_REDIRECTS) throw new BackendError(`The advisories ${url} are redirected more than ${MOST_REDIRECTS} times. Give the right address.`);
    place = next;
  }
}

async function keep(asked: FileRequest, body: AsyncIterable<Buffer>, header: (name: string) => string): Promise<Outcome> {
  const md5 = createHash('md5');
  let length = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      length += chunk.length;
      md5.update(chunk);
      done(length > LARGEST_FILE ? new BackendError(`The advisories ${asked.url} have more than ${LARGEST_FILE} bytes. Is that the right address?`) : null, chunk);
    },
  });
  await pipeline(body, count, createWriteStream(asked.path));
  const stated = header('content-length');
  if (stated !== '' && Number(stated) !== length) return { why: `sent ${length} bytes of ${stated}`, again: true };
  const sum = /(?:^|,\s*)md5=([A-Za-z0-9+/]+=*)/.exec(header('x-goog-hash'))?.[1];
  if (sum !== undefined && sum !== md5.digest('base64')) return { why: 'sent bytes that do not have the MD5 it states', again: true };
  return { answer: { kind: 'new', etag: header('etag') || null }, why: '', again: false };
}
