import type { IncomingMessage } from 'node:http';
import type { Account } from '../store/store.js';

/** A request, as a route sees it. */
export interface Asked {
  readonly account: Account;
  /** Parts of the path, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  /** The body as JSON, of at most a megabyte. @throws Fault 400 or 413 */
  json(): Promise<unknown>;
}

export interface Answered {
  readonly status?: number;
  /** JSON, unless a type is given. */
  readonly body: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation of the API: what serves it, and what OpenAPI says of it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/images/{digest}/check`, below the API's root. */
  readonly path: string;
  readonly summary: string;
  /** Who may: without a token, with any, or with one that may change things. */
  readonly access: 'open' | 'read' | 'scan';
  readonly query?: Readonly<Record<string, string>>;
  /** What is sent with it: an archive with its headers, JSON, or the fields of a form. */
  readonly sends?: 'archive' | 'json' | 'form';
  /** What the answer is, where it is not JSON. */
  readonly gives?: 'text/html' | 'text/css' | 'text/plain' | 'image/svg+xml';
  readonly answer: (asked: Asked) => Promise<Answered>;
}

/** What of a path matches a route's, decoded; undefined where it does not. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== actual : actual === '') return undefined;
    if (name === undefined) continue;
    try {
      values[name] = decodeURIComponent(actual);
    } catch {
      return undefined;
    }
  }
  return values;
}
