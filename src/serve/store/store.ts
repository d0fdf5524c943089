/** What a backend keeps. Every question names the account: another's records do not exist. */

export interface Account {
  readonly name: string;
  /** Whether its token may change anything, or read alone. */
  readonly role: 'scan' | 'read';
}

/** A token, without anything that could be shown as one. */
export interface StoredToken extends Account {
  /** The beginning of its hash: tells tokens apart, and is none. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface StoredImage {
  readonly digest: string;
  readonly imageId: string;
  /** Full tags, in the order in which they were given. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly analyzedAt: number;
  readonly distro: string;
  readonly sizeBytes: number;
}

export interface StoredEvaluation {
  readonly digest: string;
  readonly name: string;
  readonly policyId: string;
  readonly evaluatedAt: number;
  readonly verdict: string;
  readonly status: string;
  readonly stops: number;
  readonly warnings: number;
  /** evaluation.json. */
  readonly text: string;
}

/** An evaluation without its text: for lists and curves. */
export type EvaluationRow = Omit<StoredEvaluation, 'text'>;

export interface StoredPolicy {
  readonly id: string;
  /** From 1; a new upload under the same id is a new version. */
  readonly version: number;
  readonly name: string;
  readonly active: boolean;
  readonly createdAt: number;
  /** As uploaded. */
  readonly text: string;
}

export interface Webhook {
  readonly id: string;
  readonly url: string;
  /** Signs what is sent. */
  readonly secret: string;
}

export interface ImageFilter {
  /** Part of a name, a digest or an id; empty for all. */
  readonly text: string;
  readonly limit: number;
  readonly offset: number;
}

/** How far an evaluation of all images of an account is, or was. */
export interface Progress {
  readonly total: number;
  readonly done: number;
  /** Of those done: could not be evaluated, or got another verdict than before. */
  readonly failed: number;
  readonly changed: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | undefined;
}

export interface TokenStore {
  accountOf(tokenHash: string): Promise<Account | undefined>;
  addToken(account: Account, tokenHash: string, at: number): Promise<void>;
  /** Of one account, or of all; oldest first. */
  tokens(account: string | undefined): Promise<readonly StoredToken[]>;
  /** Forgets a token, and the sessions that were begun with it; false where there is none of that id, or it is another account's. */
  deleteToken(id: string, account: string | undefined): Promise<boolean>;

  /** Keeps what a browser shows instead of its token, as a hash, until it expires (milliseconds since 1970). */
  addSession(hash: string, tokenHash: string, expiresAt: number): Promise<void>;
  /** Whom a session belongs to, while it and its token are there. */
  session(hash: string, now: number): Promise<Account | undefined>;
  /** Also every one that has expired. */
  deleteSession(hash: string, now: number): Promise<void>;
}

export interface ImageStore {
  /** Keeps an image with its report (packed: the store does not look into it), whole or not at all; false where the account has the digest already. */
  addImage(account: string, image: StoredImage, report: Uint8Array): Promise<boolean>;
  addName(account: string, digest: string, name: string): Promise<boolean>;
  image(account: string, digestOrId: string): Promise<StoredImage | undefined>;
  images(account: string, filter: ImageFilter): Promise<readonly StoredImage[]>;
  report(account: string, digest: string): Promise<Uint8Array | undefined>;
  deleteImage(account: string, digest: string): Promise<boolean>;
  /** Digests of all images, for evaluating them again. */
  digests(account: string): Promise<readonly string[]>;
}

export interface EvaluationStore {
  /** @param body evaluation.json, packed. False where the image is not there, or no longer. */
  addEvaluation(account: string, evaluation: EvaluationRow, body: Uint8Array, vulnerabilities: readonly string[]): Promise<boolean>;
  evaluation(account: string, digest: string, name: string): Promise<StoredEvaluation | undefined>;
  /** The same, without its text. */
  latest(account: string, digest: string, name: string): Promise<EvaluationRow | undefined>;
  /** Newest first. */
  history(account: string, digest: string, limit: number): Promise<readonly EvaluationRow[]>;
  /** Images whose latest evaluation names the vulnerability, by any of its names. */
  imagesWith(account: string, vulnerability: string): Promise<readonly { readonly digest: string; readonly name: string }[]>;

  /** Of the latest evaluation of all images. */
  progress(account: string): Promise<Progress | undefined>;
  setProgress(account: string, progress: Progress): Promise<void>;
}

export interface PolicyStore {
  addPolicy(account: string, policy: { readonly id: string; readonly name: string; readonly text: string }, at: number): Promise<number>;
  policies(account: string): Promise<readonly StoredPolicy[]>;
  activePolicy(account: string): Promise<StoredPolicy | undefined>;
  activatePolicy(account: string, id: string): Promise<boolean>;
  deletePolicy(account: string, id: string): Promise<boolean>;
}

export interface WebhookStore {
  webhooks(account: string): Promise<readonly Webhook[]>;
  addWebhook(account: string, webhook: Webhook): Promise<void>;
  deleteWebhook(account: string, id: string): Promise<boolean>;
}

/** Every method may throw StoreBusy: the database cannot be had now. */
export interface Store extends TokenStore, ImageStore, EvaluationStore, PolicyStore, WebhookStore {
  /** That it answers: for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
