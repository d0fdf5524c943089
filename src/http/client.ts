import { setTimeout as delay } from 'node:timers/promises';
import { request, type Dispatcher } from 'undici';
import { BackendError } from '../errors.js';
import { codeOf, isTransient, isTransientError, pauseBefore, retryAfterOf, type RetryPolicy } from './retry.js';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, below the base. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Made anew for each try, since a stream can be read once. */
  readonly body?: () => Dispatcher.DispatchOptions['body'];
  /** False where the server would do the thing twice. */
  readonly idempotent?: boolean;
  /** Milliseconds for the whole answer. */
  readonly timeout?: number;
}

export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

export interface ClientOptions {
  /** Scheme, host and path before every request's. */
  readonly base: string;
  readonly dispatcher: Dispatcher;
  /** Sent with every request, and only to the base's own host: redirects are not followed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly retry: RetryPolicy;
  /** Who is asked, for messages: `The backend`. */
  readonly who: string;
  readonly signal?: AbortSignal | undefined;
}

/** For the whole answer, in milliseconds. */
const REQUEST_TIMEOUT = 60_000;

/** A longer answer is none that we asked for, and would fill the memory. */
const LARGEST_ANSWER = 512 * 1024 * 1024;

/** The default way to wait and to draw lots. */
export const CLOCK: Pick<RetryPolicy, 'sleep' | 'random'> = {
  sleep: async (milliseconds, signal) => { await delay(milliseconds, undefined, signal === undefined ? {} : { signal }); },
  random: Math.random,
};

/** Asks a server, again where that may help, until the deadline. The token it carries is in no message. */
export class HttpClient {
  private readonly options: ClientOptions;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** @throws BackendError when there is no answer; an answer of any status is the caller's to judge */
  async send(asked: Request): Promise<Answer> {
    const { retry, signal } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.once(asked);
      const retryAfter = outcome.answer === undefined ? undefined : retryAfterOf(outcome.answer.header('retry-after'), Date.now());
      const pause = outcome.again && attempt <= retry.retries ? pauseBefore(attempt, retryAfter, retry, Date.now()) : undefined;
      if (pause === undefined) return this.conclude(asked, outcome);
      await retry.sleep(pause, signal);
    }
  }

  private async once(asked: Request): Promise<Outcome> {
    try {
      const answer = await this.ask(asked);
      return { answer, again: isTransient(answer.status, asked.idempotent ?? asked.method === 'GET') };
    } catch (error) {
      if (this.options.signal?.aborted === true) throw error;
      return { error, again: isTransientError(error) || isTimeout(error) };
    }
  }

  private async ask({ method, path, headers, body, timeout = REQUEST_TIMEOUT }: Request): Promise<Answer> {
    const { base, dispatcher, headers: always, retry, signal } = this.options;
    const left = Math.max(1, Math.min(timeout, retry.deadline - Date.now()));
    const limits = [AbortSignal.timeout(left), ...(signal === undefined ? [] : [signal])];
    const answer = await request(`${base}${path}`, {
      method, dispatcher, headers: { ...always, ...headers }, body: body?.() ?? null, signal: AbortSignal.any(limits),
    });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LARGEST_ANSWER) throw new BackendError(`${this.options.who} sent an answer of more than ${LARGEST_ANSWER} bytes. Is ${this.host} the right address?`);
      chunks.push(chunk);
    }
    const header = (name: string): string | undefined => {
      const value = answer.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    return { status: answer.statusCode, header, body: Buffer.concat(chunks) };
  }

  private conclude(asked: Request, { answer, error }: Outcome): Answer {
    if (answer !== undefined) return answer;
    if (error instanceof BackendError) throw error;
    const what = isTimeout(error) ? 'did not answer in time' : `could not be reached (${codeOf(error) || (error instanceof Error ? error.message : 'unknown')})`;
    throw new BackendError(`${this.options.who} ${what}: ${asked.method} ${this.host}. Check the address, the proxy and the network, and run the step again.`, { cause: error });
  }

  private get host(): string {
    return new URL(this.options.base).host;
  }
}

interface Outcome {
  readonly answer?: Answer;
  readonly error?: unknown;
  readonly again: boolean;
}

function isTimeout(error: unknown): boolean {
  const { name } = (error ?? {}) as { name?: unknown };
  return name === 'TimeoutError' || codeOf(error).endsWith('_TIMEOUT');
}
