/** When to try again, and how long to wait before. Times in milliseconds. */
export interface RetryPolicy {
  /** How many more tries after the first. */
  readonly retries: number;
  /** Point in time (`Date.now()`) past which nothing is tried any more. */
  readonly deadline: number;
  /** The clock; `Date.now` where it is not given. */
  readonly now?: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1: full jitter, so that many clients do not come back together. */
  readonly random: () => number;
}

/** First and longest pause of the exponential backoff. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** A pause before try number `attempt` (from 1), honouring what the server asked for; undefined when the deadline would pass. */
export function pauseBefore(attempt: number, retryAfter: number | undefined, policy: RetryPolicy, now: number): number | undefined {
  const backoff = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)) * policy.random();
  const pause = retryAfter === undefined ? backoff : Math.max(retryAfter, backoff);
  return now + pause >= policy.deadline ? undefined : pause;
}

/** `Retry-After` in milliseconds from now: seconds or an HTTP date. Source: RFC 9110, 10.2.3. */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Answers after which the same request may well succeed. 500 only where asking again cannot do anything twice. */
export function isTransient(status: number, idempotent: boolean): boolean {
  return [408, 425, 429, 502, 503, 504].includes(status) || (status === 500 && idempotent);
}

const TRANSIENT_CODES = new Set([
  'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** Failures of the network, not of certificates, redirects or the request itself. */
export function isTransientError(error: unknown): boolean {
  return TRANSIENT_CODES.has(codeOf(error));
}

/** The most telling code of an error: its own, or its cause's. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'string' && code !== '' ? code : codeOf(cause);
}
