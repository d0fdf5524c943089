import { CLOCK, HttpClient } from '../../http/client.js';
import { dispatcher } from '../../http/dispatcher.js';
import { InputError } from '../../errors.js';
import { SysdigBackend, type SysdigOptions } from './backend.js';
import { withoutSlash } from './link.js';

export interface Connection {
  readonly url: string;
  readonly token: string;
  /** Path of a PEM file, or the empty string. */
  readonly caCert: string;
  readonly archiveFile: string;
  /** Whether an image that the backend knows is sent all the same. */
  readonly force?: boolean;
  readonly tool: SysdigOptions['tool'];
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** From the first request to the result, in milliseconds: a step that waits longer helps nobody. */
const RESULT_TIMEOUT = 600_000;

/** More tries after the first. */
const RETRIES = 4;

/** Hosts to which a token may go without TLS. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @throws InputError where the address or the token cannot be right */
export function connectSysdig({ url, token, caCert, archiveFile, force = false, tool, onProgress, signal }: Connection): SysdigBackend {
  const { protocol, hostname, username, password, search, hash } = new URL(url);
  if (username !== '' || password !== '') throw new InputError('backend-url holds a user name. Give the token as backend-token, and the address without it.');
  if (search !== '' || hash !== '') throw new InputError('backend-url is the address of a page. Give the server\'s alone, such as https://secure.sysdig.com.');
  if (protocol !== 'https:' && !LOOPBACK.has(hostname)) throw new InputError(`backend-url ${url} is not https, and the token would be readable on the way. Give an https address.`);
  if (token === '') throw new InputError('backend-url needs backend-token. Give the API token of Sysdig Secure as a secret.');
  if (!/^[\x21-\x7e]+$/.test(token)) throw new InputError('backend-token has blanks or other characters that no token has. Copy it again.');
  const base = withoutSlash(url);
  const shared = dispatcher(caCert);
  const http = (deadline: number): HttpClient => new HttpClient({
    base, dispatcher: shared, headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    retry: { ...CLOCK, retries: RETRIES, deadline }, who: 'The backend', signal,
    certificateAdvice: 'Give the certificate of its authority with backend-ca-cert, as a PEM file.',
  });
  return new SysdigBackend({
    url: base, http, tool, archiveFile, force, patience: RESULT_TIMEOUT, now: () => new Date(),
    sleep: (milliseconds) => CLOCK.sleep(milliseconds, signal), onProgress,
  });
}
