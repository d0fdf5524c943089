import { crc32 } from './crc32.js';

/** Shannon's entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Six base-62 digits of a CRC-32, most significant first. */
export function base62Checksum(payload: string): string {
  let rest = crc32(Buffer.from(payload, 'latin1'));
  let digits = '';
  for (let digit = 0; digit < 6; digit += 1) {
    digits = (BASE62[rest % 62] ?? '') + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/**
 * Whether a token `PREFIX_` + 30 + 6 ends in its own checksum, as GitHub's (since April 2021) and npm's (since September 2021) do.
 * Source: GitHub's "Behind GitHub's new authentication token formats".
 */
export function endsInChecksum(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1);
  return body.length === 36 && base62Checksum(body.slice(0, 30)) === body.slice(30);
}

/** Parses the first part of a JSON web token; undefined where it is none (RFC 7515: base64url of JSON with `alg`). */
export function isJsonWebToken(token: string): boolean {
  const [header = '', payload = ''] = token.split('.');
  return isJsonObject(header, '"alg"') && isJsonObject(payload, '"');
}

function isJsonObject(base64url: string, needle: string): boolean {
  const text = Buffer.from(base64url, 'base64url').toString('latin1');
  return text.startsWith('{') && text.trimEnd().endsWith('}') && text.includes(needle);
}

/** `user:password` in base64 (Docker's `auth`, HTTP Basic). */
export function isBasicCredential(base64: string): boolean {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  return colon > 0 && colon < text.length - 3 && /^[\x20-\x7e]+$/.test(text) && !isPlaceholder(text.slice(colon + 1));
}

/** Words that stand where a secret will: a value made of one of these, or holding it, is none. */
const PLACEHOLDER_PARTS =
  /example|changeme|change[_-]me|change[_-]this|replace|placeholder|redacted|your[_-]?|insert|todo|dummy|sample|xxxx|\*\*\*|\.\.\.|<|>|\$\{|\{\{|\}\}|%\(|\$\(|#\{|notreal|not[_-]a[_-]|fake|foobar|deadbeef|hunter2|lorem/i;

const PLACEHOLDER_WORDS = new Set(
  ('password passwd pass pwd secret token key apikey api_key api-key none null nil undefined true false yes no on off test testing tests default ' +
   'user username admin root string text number optional required empty unset disabled enabled prompt ask auto automatic generated random internal ' +
   'public private basic bearer digest md5 sha1 sha256 sha512 plain plaintext cleartext scram-sha-256 hash hashed encrypted passphrase credential ' +
   'credentials value hidden value name id unknown foo bar baz qux abc abcd abc123 asdf qwerty mysecret mypassword mytoken my-secret my-password my_secret ' +
   'supersecret secretkey secret_key privatekey accesskey proxypass repopwd file stdin env environment login local localhost trust peer ident').split(' '),
);

/** Whether a value only stands for a secret: a variable, a word of documentation, one character again and again. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === '' || /^[$%@&!].*/.test(text)) return true;
  if (PLACEHOLDER_WORDS.has(text.toLowerCase()) || PLACEHOLDER_PARTS.test(text)) return true;
  return new Set(text).size <= 2;
}

/** Runs like `0123456789`, `abcdef`, `aaaa`: where most neighbours are equal or next to each other nobody drew lots. */
export function isFiller(token: string): boolean {
  let steps = 0;
  for (let index = 1; index < token.length; index += 1) {
    const difference = token.charCodeAt(index) - token.charCodeAt(index - 1);
    if (Math.abs(difference) <= 1) steps += 1;
  }
  return steps > token.length * 0.5;
}

/** Digits and letters both: what a drawn token has and a word has not. */
export function isMixed(text: string): boolean {
  return /[0-9]/.test(text) && /[A-Za-z]/.test(text);
}

/** A value that is code or a name of something, not a literal: `process.env.TOKEN`, `getToken()`, `/run/secrets/x`, `a.b.c`. */
export function isReference(value: string): boolean {
  return (
    /^(process\.env|os\.environ|env\.|ENV\[|config\.|settings\.|self\.|this\.|params\.|options\.|args\.|req\.|vault:|ref:|secret:|arn:|file:|projects\/|op:\/\/|sm:\/\/)/i.test(value) ||
    /[(){}[\];,]/.test(value) ||
    /^(\/|\.\/|\.\.\/|~\/|[A-Za-z]:\\)/.test(value) ||
    /^https?:\/\//.test(value)
  );
}
