import { createHmac } from 'node:crypto';
import { request, type Dispatcher } from 'undici';
import { codeOf, isTransient, isTransientError, pauseBefore, retryAfterOf, type RetryPolicy } from '../http/retry.js';
import { isTimeout } from '../http/failure.js';
import type { Later } from './later.js';
import type { Store, Webhook } from './store/store.js';
import { leadsInside, TargetRefused } from './webhookTargets.js';

export interface WebhookOptions {
  readonly store: Pick<Store, 'webhooks'>;
  readonly dispatcher: Dispatcher;
  /** Whether receivers may be on this machine and its networks. */
  readonly letInside: boolean;
  /** Tries of one event; `deadline` is reckoned anew for each. */
  readonly retry: Pick<RetryPolicy, 'sleep' | 'random'>;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly now: () => Date;
}

/** The header that carries `sha256=` and the HMAC of the body under the webhook's secret. */
const SIGNATURE_HEADER = 'x-inline-scan-signature';

/** More tries after the first, and milliseconds for all of them. */
const RETRIES = 4;
const PATIENCE = 120_000;

/** Milliseconds for one answer: a receiver that has more to do does it after its answer. */
const ANSWER_TIME = 15_000;

/**
 * Events of an account that wait in memory, a kilobyte each: every verdict of ten thousand images may change at once. There are more
 * only where a receiver does not answer for hours, and then the newest are let go, so that what was told stays in order.
 */
const MOST_EVENTS = 10_000;

/** Has events sent after the answer, those of an account in their order. */
export function notifier(options: WebhookOptions, later: Later): (account: string, event: string, body: object) => void {
  return (account, event, body) => {
    const queue = `webhook events of ${account}`;
    if (later.length(queue) < MOST_EVENTS) later.add(queue, () => sendWebhooks(options, account, event, body));
    else options.log('webhook event dropped', { account, dropped: event, ...body, why: `${MOST_EVENTS} events wait to be told. See that every receiver answers, or delete its webhook.` });
  };
}

/** Tells an account's webhooks what happened; tries again where that may help. A webhook that fails is logged, and holds nothing up. */
async function sendWebhooks(options: WebhookOptions, account: string, event: string, body: object): Promise<void> {
  const text = JSON.stringify({ event, at: options.now().toISOString(), ...body });
  await Promise.all((await options.store.webhooks(account)).map(async (webhook) => {
    const { id } = webhook;
    try {
      const status = await deliver(options, webhook, text);
      options.log(status < 300 ? 'webhook' : 'webhook failed', { account, id, status });
    } catch (error) {
      options.log('webhook failed', { account, id, error: error instanceof Error ? `${error.message}${codeOf(error) === '' ? '' : ` (${codeOf(error)})`}` : 'unknown' });
    }
  }));
}

/** The status in the end. The same event twice is told by its own time and content: a receiver may forget the second. */
async function deliver(options: WebhookOptions, webhook: Webhook, text: string): Promise<number> {
  const deadline = Date.now() + PATIENCE;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(options, webhook, text).catch((error: unknown) => ({ error }));
    const again = 'error' in outcome ? isTransientError(outcome.error) || isTimeout(outcome.error) : isTransient(outcome.status, true);
    const retryAfter = 'error' in outcome ? undefined : retryAfterOf(outcome.retryAfter, Date.now());
    const pause = again && attempt <= RETRIES ? pauseBefore(attempt, retryAfter, { ...options.retry, retries: RETRIES, deadline }, Date.now()) : undefined;
    if (pause === undefined) {
      if ('error' in outcome) throw outcome.error;
      return outcome.status;
    }
    await options.retry.sleep(pause);
  }
}

/** Redirects are not followed, and what the receiver answers is not read: it could be anything, of any length. */
async function once({ dispatcher, letInside }: WebhookOptions, { url, secret }: Webhook, text: string): Promise<{ readonly status: number; readonly retryAfter: string | undefined }> {
  if (!letInside && leadsInside(url)) throw new TargetRefused(new URL(url).hostname);
  const signature = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
  const answer = await request(url, {
    method: 'POST', dispatcher, body: text, signal: AbortSignal.timeout(ANSWER_TIME),
    headers: { 'content-type': 'application/json', 'user-agent': 'inline-scan', [SIGNATURE_HEADER]: signature },
  });
  answer.body.on('error', () => undefined);
  answer.body.destroy();
  const retryAfter = answer.headers['retry-after'];
  return { status: answer.statusCode, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter };
}
