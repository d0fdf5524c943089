import { entropy } from '../checks.js';
import type { SecretRule, Span, Window } from '../rule.js';
import { ORIGINAL_REGEXES } from './original.js';

/** A PEM body is looked at this far: an RSA key of 16,384 bits has 12,700 characters. */
const LONGEST_KEY = 16_384;

/** Fewest base64 characters of a key: an Ed25519 key in PKCS #8 has 64. */
const SHORTEST_BODY = 60;

/**
 * A private key in PEM's shape (RFC 7468; OpenSSH, PGP, PuTTY and SSH2 look alike), on lines of its own or inside a string
 * with `\n` escapes. A header without a body is somebody's program text and no key.
 */
const pem: SecretRule = {
  name: 'PRIV_KEY',
  title: 'Private key',
  regex: ORIGINAL_REGEXES.PRIV_KEY,
  literals: ['private key'],
  before: 80,
  behind: LONGEST_KEY,
  rank: 3,
  ownTextOnly: false,
  // `PRIVATE KEY-----` or `PRIVATE KEY BLOCK-----`: the words alone are in every program that knows about keys
  precheck: (bytes, _at, end) => bytes[end] === 0x2d || (bytes[end] === 0x20 && (bytes[end + 1] === 0x2d || bytes[end + 1] === 0x42)),
  find: findPem,
};

const BEGIN = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}$/i;
const HEADER_END = /^(?: BLOCK)? ?-{4,5}/i;

function findPem(window: Window): Span | undefined {
  const head = BEGIN.exec(window.text.slice(0, window.at));
  const tail = HEADER_END.exec(window.text.slice(window.end, window.end + 16));
  if (head === null || tail === null) return undefined;
  const body = keyBody(window.text, window.end + tail[0].length);
  if (body === undefined) return undefined;
  const atLineStart = head.index === 0 ? window.at < 80 : /[\r\n]/.test(window.text.charAt(head.index - 1));
  const span = { start: head.index, end: body.end };
  return atLineStart ? span : { ...span, pattern: 'PRIV_KEY=.*-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----' };
}

/** The base64 behind a header, escapes, quotes and PEM's own headers (RFC 1421) left out; undefined where it is no key's. */
function keyBody(text: string, from: number): { readonly end: number } | undefined {
  const stop = text.indexOf('-', skipHeaders(text, from));
  const end = stop < 0 ? text.length : stop;
  const body = text.slice(skipHeaders(text, from), end).replace(/\\[nr]|[\s"'+\\,]|&#?\w{2,6};/g, '');
  if (body.length < SHORTEST_BODY || !/^[A-Za-z0-9+/]+={0,2}(=[A-Za-z0-9+/]{4})?$/.test(withoutPluses(body))) return undefined;
  // drawn bytes in base64 have close to 6 bits; a lower bound for short keys
  return entropy(body.slice(0, 2_000)) > 4 ? { end } : undefined;
}

function withoutPluses(body: string): string {
  return body.replaceAll('+', 'A');
}

/** Behind `Proc-Type: …`, `DEK-Info: …`, `Version: …`, `Comment: …`, which hold dashes of their own. */
function skipHeaders(text: string, from: number): number {
  const header = /(?:\s|\\[nr])*(?:(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|MessageID|X-[A-Za-z-]{1,30}|Subject): [^\n\\]{0,200}(?:\s|\\[nr])*){0,8}/y;
  header.lastIndex = from;
  return header.exec(text) === null ? from : header.lastIndex;
}

/** Keys with a shape of their own, by a line that only they have. */
function marked(name: string, title: string, literal: string, source: string, behind = 600): SecretRule {
  const expression = new RegExp(source, 'iy');
  return {
    name,
    title,
    regex: `(?i).*${source}`,
    literals: [literal],
    before: 1,
    behind,
    rank: 2,
    ownTextOnly: false,
    find(window) {
      expression.lastIndex = window.at;
      const match = expression.exec(window.text);
      return match === null ? undefined : { start: window.at, end: window.at + match[0].length };
    },
  };
}

export const PRIVATE_KEY_RULES: readonly SecretRule[] = [
  pem,
  marked('PUTTY_KEY', 'PuTTY private key', 'putty-user-key-file-', 'PuTTY-User-Key-File-[23]: [a-z0-9-]{4,40}\\s{1,2}Encryption: [a-z0-9-]{4,20}\\s{1,2}Comment: '),
  marked('MINISIGN_KEY', 'minisign secret key', 'minisign encrypted secret key', 'minisign encrypted secret key\\s{1,2}[A-Za-z0-9+/]{60}'),
  marked('SIGNIFY_KEY', 'signify secret key', 'signify secret key', 'signify secret key\\s{1,2}[A-Za-z0-9+/]{60}'),
  marked('WIREGUARD_KEY', 'WireGuard private key', 'privatekey = ', 'PrivateKey = [A-Za-z0-9+/]{43}='),
  marked('JWK_PRIVATE_KEY', 'JSON web key with its private part', '"kty"', '"kty"\\s{0,4}:\\s{0,4}"(?:RSA|EC|OKP)"[^{}]{0,4000}"d"\\s{0,4}:\\s{0,4}"[A-Za-z0-9_-]{40}', 5_000),
];
