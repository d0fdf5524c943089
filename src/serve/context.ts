import type { LiveAdvisories } from './advisories.js';
import type { Evaluations } from './evaluations.js';
import type { Everything } from './everything.js';
import type { Store } from './store/store.js';
import type { Workers } from './work/job.js';

/** What routes work with. */
export interface Context {
  readonly store: Store;
  readonly evaluations: Evaluations;
  /** For what takes the processor. */
  readonly workers: Workers;
  /** Whether webhooks may lead to this machine and its networks. */
  readonly letInside: boolean;
  readonly version: string;
  readonly now: () => Date;
  /** Does something after the answer was sent; a graceful stop waits for it. */
  readonly later: (what: string, step: () => Promise<void>) => void;
  /** Evaluations of all images of an account. */
  readonly everything: Everything;
  /** What the advisories are, and how new; null where there are none. */
  readonly advisories: LiveAdvisories | null;
}
