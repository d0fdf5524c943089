import type { Evaluations } from './evaluations.js';
import type { Store } from './store/store.js';

/** What routes work with. */
export interface Context {
  readonly store: Store;
  readonly evaluations: Evaluations;
  readonly version: string;
  readonly now: () => Date;
  /** Does something after the answer was sent; a graceful stop waits for it. */
  readonly later: (what: string, step: () => Promise<void>) => void;
  /** Sends what happened to the account's webhooks. */
  readonly notify: (account: string, event: string, body: unknown) => void;
}
