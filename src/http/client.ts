import { setTimeout as delay } from 'node:timers/promises';
import { request, type Dispatcher } from 'undici';
import { BackendError } from '../errors.js';
import { explainFailure, isTimeout } from './failure.js';
import { isTransient, isTransientError, pauseBefore, retryAfterOf, type RetryPolicy } from './retry.js';

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
  /** More tries after the first; without it as many as the client's policy says. */
  readonly retries?: number;
  /**
   * Asked before each further try of a request that may have worked though its answer was lost: the answer that makes the try needless,
   * or undefined.
   */
  readonly instead?: () => Promise<Answer | undefined>;
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
  /** What to do about a certificate that is not trusted; for messages. */
  readonly certificateAdvice?: string;
  /** What to do where it cannot be reached, if not what explainFailure says. */
  readonly networkAdvice?: string;
  /** Milliseconds that no answer may take, whatever its request allows. */
  readonly timeout?: number;
  /** More tries after one that got no answer in time; without it as many as the policy says. */
  readonly retriesAfterSilence?: number;
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
    const { retry, signal, retriesAfterSilence = Infinity } = this.options;
    const retries = asked.retries ?? retry.retries;
    let silences = 0;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.once(asked);
      if (isTimeout(outcome.error)) silences += 1;
      const retryAfter = outcome.answer === undefined ? undefined : retryAfterOf(outcome.answer.header('retry-after'), this.now());
      const pause = outcome.again && attempt <= retries && silences <= retriesAfterSilence ? pauseBefore(attempt, retryAfter, retry, this.now()) : undefined;
      if (pause === undefined) return this.conclude(asked, outcome);
      await retry.sleep(pause, signal);
      const settled = await asked.instead?.();
      if (settled !== undefined) return settled;
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
    const { base, dispatcher, headers: always, retry, signal, timeout: longest = timeout } = this.options;
    const left = Math.max(1, Math.min(timeout, longest, retry.deadline - this.now()));
    const limits = [AbortSignal.timeout(left), ...(signal === undefined ? [] : [signal])];
    const answer = await request(`${base}${path}`, {
      method, dispatcher, headers: { ...always, ...headers }, body: body?.() ?? null, signal: AbortSignal.any(limits),
    });
    const header = (name: string): string | undefined => {
      const value = answer.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    return { status: answer.statusCode, header, body: await this.collect(answer.body) };
  }

  private async collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > LARGEST_ANSWER) throw new BackendError(`${this.options.who} sent an answer of more than ${LARGEST_ANSWER} bytes. Is ${this.host} the right address?`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  private conclude(asked: Request, { answer, error }: Outcome): Answer {
    if (answer !== undefined) return answer;
    if (error instanceof BackendError) throw error;
    const { who, certificateAdvice, networkAdvice } = this.options;
    throw new BackendError(`${who} ${explainFailure(error, `${asked.method} ${this.host}`, certificateAdvice, networkAdvice)}`, { cause: error });
  }

  private now(): number {
    return (this.options.retry.now ?? Date.now)();
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
