import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Fault } from '../api/fault.js';
import type { Account, Store } from '../store/store.js';
import { tokenHash } from '../tokens.js';

/** Who has signed in. */
export interface Visitor {
  readonly account: Account;
  /** Stands in every form of this session: another site cannot know it. */
  readonly csrf: string;
}

/** A working day, in milliseconds. */
const SESSION_TIME = 8 * 3_600_000;

/** What a browser shows instead of the token: a number of chance, kept as a hash. */
export class Sessions {
  private readonly store: Store;
  private readonly now: () => Date;

  constructor(store: Store, now: () => Date) {
    this.store = store;
    this.now = now;
  }

  /** Gives the Set-Cookie header of a new session; undefined where the token is not known. */
  async begin(token: string, request: IncomingMessage): Promise<string | undefined> {
    const hash = tokenHash(token);
    if (await this.store.accountOf(hash) === undefined) return undefined;
    const id = randomBytes(32).toString('base64url');
    await this.store.addSession(tokenHash(id), hash, this.now().getTime() + SESSION_TIME);
    return cookie(request, id, SESSION_TIME / 1000);
  }

  async visitor(request: IncomingMessage): Promise<Visitor | undefined> {
    const id = idOf(request);
    const account = id === undefined ? undefined : await this.store.session(tokenHash(id), this.now().getTime());
    return id === undefined || account === undefined ? undefined : { account, csrf: csrfOf(id) };
  }

  /** Gives the Set-Cookie header that takes the cookie away. */
  async end(request: IncomingMessage): Promise<string> {
    await this.store.deleteSession(tokenHash(idOf(request) ?? ''), this.now().getTime());
    return cookie(request, '', 0);
  }
}

/**
 * Holds a form that was sent against the session that it should come from.
 * @param visitor undefined before anybody has signed in: then the browser's own word has to do
 * @throws Fault 403
 */
export function checkForm(request: IncomingMessage, form: URLSearchParams, visitor: Visitor | undefined): void {
  const site = request.headers['sec-fetch-site'];
  const isElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isElsewhere || (visitor !== undefined && !isEqual(form.get('csrf') ?? '', visitor.csrf))) throw new Fault(403, 'This form did not come from our own page, or from an older session. Open the page again.');
}

/** A browser takes `__Host-` over TLS alone, and from no other host. */
const NAME = 'inline-scan-session';

function cookie(request: IncomingMessage, id: string, seconds: number): string {
  const isSecure = 'encrypted' in request.socket || request.headers['x-forwarded-proto'] === 'https';
  return `${isSecure ? '__Host-' : ''}${NAME}=${id}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}

function idOf(request: IncomingMessage): string | undefined {
  return /(?:^|; *)(?:__Host-)?inline-scan-session=([\w-]{43})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
}

function csrfOf(id: string): string {
  return createHmac('sha256', id).update('form').digest('base64url');
}

function isEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
