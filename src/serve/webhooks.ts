import { createHmac } from 'node:crypto';
import type { HttpClient } from '../http/client.js';
import type { Store } from './store/store.js';

export interface WebhookOptions {
  readonly store: Store;
  /** A client for one address. */
  readonly client: (url: string) => HttpClient;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly now: () => Date;
}

/** The header that carries `sha256=` and the HMAC of the body under the webhook's secret. */
export const SIGNATURE_HEADER = 'x-inline-scan-signature';

/** Tells an account's webhooks what happened; tries again where that may help. A webhook that fails is logged, and holds nothing up. */
export async function sendWebhooks({ store, client, log, now }: WebhookOptions, account: string, event: string, body: unknown): Promise<void> {
  const text = JSON.stringify({ event, at: now().toISOString(), ...(body as object) });
  await Promise.all((await store.webhooks(account)).map(async ({ id, url, secret }) => {
    const signature = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
    const path = new URL(url).pathname + new URL(url).search;
    try {
      // the same event twice is told by its own time and content: a receiver may forget the second
      const answer = await client(new URL(url).origin).send({ method: 'POST', path, body: () => text, idempotent: true, headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature } });
      log('webhook', { account, id, status: answer.status });
    } catch (error) {
      log('webhook failed', { account, id, error: error instanceof Error ? error.message : 'unknown' });
    }
  }));
}
