import type { RetryPolicy } from '../../../http/retry.js';
import type { AdvisoriesUsed } from '../../evaluation.js';
import type { Query } from '../packages.js';
import type { AdvisoryRecord, PackageStatements } from '../record.js';

/** What a source knows of an ecosystem (with its release), or why it knows nothing. */
export type Coverage =
  | { readonly known: true; /** RFC 3339, or null where no record bears a date. */ readonly newest: string | null }
  | { readonly known: false; readonly why: string };

/** Records about some packages, ready to be matched. */
export interface Gathered {
  readonly used: AdvisoriesUsed;
  coverage(ecosystem: string): Coverage;
  /** What records say of one package. */
  statements(query: Query): readonly PackageStatements[];
  /** Records that bear one of these names, as id or alias: for what a record leaves to others to say (severity). */
  named(ids: readonly string[]): Promise<readonly AdvisoryRecord[]>;
  /** What of the data could not be read, one sentence each. */
  readonly problems: readonly string[];
  /** Ids of records about what was asked that could not be read at all. */
  readonly unread: readonly string[];
}

/** A place that advisories come from: the public service, or exports of it. */
export interface RecordSource {
  /** @throws BackendError where the data cannot be had */
  gather(queries: readonly Query[]): Promise<Gathered>;
  close(): Promise<void>;
}

export type Clock = Pick<RetryPolicy, 'sleep' | 'random'>;

/** What sources need of their surroundings. */
export interface SourceOptions {
  /** Below which everything is kept; made when it is not there. */
  readonly cacheDir: string;
  readonly signal?: AbortSignal | undefined;
  /** The clock: milliseconds since 1970. */
  readonly now: () => number;
  /** One line for people who wait. */
  readonly onProgress: (message: string) => void;
  /** How to wait between tries, and to draw lots. */
  readonly clock: Clock;
}
