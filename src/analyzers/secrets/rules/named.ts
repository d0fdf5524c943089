import { entropy, isFiller, isMixed, isPlaceholder, isReference } from '../checks.js';
import { isExample } from '../examples.js';
import type { SecretRule, Span, Window } from '../rule.js';

/**
 * Secrets with no form at all, known by the name of what they are given to: `DB_PASSWORD=…`, `secret_key_base: …`.
 * The most that can be found so, and the most noise: what is asked of the value depends on the kind of file.
 */

/** Parts of a name that say what the value is; the first group are people's words (passwords), the second drawn tokens. */
const PASSWORD_WORDS = ['password', 'passwd', 'passphrase', 'passwort', '_pass', '-pass', '.pass', '_pwd', '.pwd', 'dbpass', 'userpass', 'rootpass', 'adminpass', 'smtppass'];
const TOKEN_WORDS = [
  'secret', 'token', 'api_key', 'apikey', 'api-key', 'access_key', 'accesskey', 'access-key', 'auth_key', 'authkey', 'private_key', 'privatekey',
  'encryption_key', 'encryptionkey', 'signing_key', 'signingkey', 'app_key', 'master_key', 'masterkey', 'client_key', 'account_key', 'accountkey', 'service_key', 'credential', 'secret_key_base',
];

/** Behind the word a name may only go on like this: `token_url`, `passwordField`, `secretName` are no secrets. */
const TAIL = /(?:[_-]?(?:base|value|val|data|key|id|hash|salt|string|text|v?[0-9]{1,3}|prod(?:uction)?|dev(?:elopment)?|staging|live))?(?![A-Za-z0-9_-])/iy;

/** Behind these a name holds no secret after all (`token_id` is public, `password_hash` is judged by its value). */
const NOT_A_SECRET_TAIL = /[_-]?id$/i;

const QUOTED = /["'\])]{0,3}[ \t]{0,8}(?:=>|:=|={1,3}|:|,)[ \t]{0,8}(?:[bru]{0,2})(\\?["'`])((?:(?!\1)[^\n\r]){4,200}?)\1/dy;
const BARE = /["'\]]{0,2}[ \t]{0,8}(?:=|:[ \t])[ \t]{0,8}([^\s"'`;,<>(){}[\]]{4,200})(?=[ \t]*(?:[\r\n;,<]|[ \t]#|$))/dy;
const ENVIRONMENT = /=["']?([^\s"'`]{4,200})(?=["']?(?:[\s]|$))/dy;
const XML = /[ \t]{0,4}>[ \t]{0,4}([^<>\s]{4,200})[ \t]{0,4}<\/|["'][ \t]{0,4}value[ \t]{0,4}=[ \t]{0,4}["']([^"'<>\n]{4,200})["']/diy;
/** `define('DB_PASSWORD', 'x')`, `password "x"` (Terraform, nginx), `-Dpassword=x`. */
const LONGEST = 300;

interface Value {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

function named(name: string, title: string, regex: string, words: readonly string[], real: (value: Value, window: Window) => boolean): SecretRule {
  return {
    name,
    title,
    regex,
    literals: words,
    before: 60,
    behind: LONGEST,
    rank: 1,
    ownTextOnly: true,
    find(window) {
      const value = valueOf(window);
      if (value === undefined || isComment(window)) return undefined;
      if (!real(value, window)) return undefined;
      return { start: value.start, end: value.end } satisfies Span;
    },
  };
}

/** The value that the name is given, in whichever notation the file has. */
function valueOf(window: Window): Value | undefined {
  TAIL.lastIndex = window.end;
  const tail = TAIL.exec(window.text);
  if (tail === null || NOT_A_SECRET_TAIL.test(tail[0])) return undefined;
  const from = window.end + tail[0].length;
  const notations = window.place === 'environment' ? [ENVIRONMENT, QUOTED, BARE, XML] : window.place === 'settings' ? [QUOTED, BARE, XML] : [QUOTED];
  for (const notation of notations) {
    notation.lastIndex = from;
    const match = notation.exec(window.text);
    if (match === null) continue;
    const group = notation === QUOTED ? 2 : match[1] === undefined ? 2 : 1;
    const [start, end] = match.indices?.[group] ?? [0, 0];
    return { text: match[group] ?? '', start, end, quoted: notation === QUOTED };
  }
  return undefined;
}

/** `# password=…`, `// token: …`, `* secret: …`: an example of what might be written, or a secret that somebody switched off. */
function isComment(window: Window): boolean {
  const line = /[^\n\r]*$/.exec(window.text.slice(0, window.at))?.[0] ?? '';
  return /^\s*(?:#|\/\/|;|\*|--|%|<!--|rem )/i.test(line) && window.place !== 'environment' && !window.strict;
}

/** A password: anything that is not a word of settings or documentation. In program text it must look drawn. */
function isPassword(value: Value, window: Window): boolean {
  const { text } = value;
  if (window.strict) return text.length >= 4 && !/^[$%]/.test(text);
  if (isPlaceholder(text) || isReference(text) || /\s/.test(text) || isIdentifierEcho(window, text)) return false;
  if (isHashOfPassword(text)) return true;
  if (window.place === 'environment') return text.length >= 5;
  if (window.place === 'settings') return text.length >= 6 && classes(text) >= 2 && !isWords(text);
  return text.length >= 8 && classes(text) >= 3 && entropy(text) > 2.8 && !isExample(text) && !isWords(text) && !/[ /\\]|^\.|\.$|^--?/.test(text);
}

/** A token or key: long, drawn, of one piece. */
function isToken(value: Value, window: Window): boolean {
  const { text } = value;
  if (window.strict) return text.length >= 6 && !/^[$%]/.test(text);
  if (isPlaceholder(text) || isReference(text) || /\s/.test(text) || isIdentifierEcho(window, text)) return false;
  if (!isMixed(text) || text.length < 12 || isWords(text)) return false;
  if (window.place === 'environment') return entropy(text) > 2.8;
  if (isFiller(text) || isExample(text)) return false;
  const limit = window.place === 'settings' ? 3 : 3.4;
  return text.length >= 16 && entropy(text) > limit && /^[A-Za-z0-9+/=_.:~!@$%^&*-]+$/.test(text) && !/^[a-z]+(?:[._-][a-z0-9]+)+$/.test(text) && !isVersionOrDigest(text);
}

/** crypt(3), bcrypt, argon2, PBKDF2: a password's hash. Not a secret's own text, but enough to attack it offline. */
function isHashOfPassword(text: string): boolean {
  return /^\$(?:2[abxy]|5|6|y|argon2(?:id?|d))\$/.test(text);
}

/** `sha512-…` of lock files, `sha256:…`, UUIDs of things, dates. */
function isVersionOrDigest(text: string): boolean {
  return /^sha(?:1|256|384|512)[-:]/.test(text) || /^\d+(?:\.\d+)+/.test(text) || /^\d{4}-\d{2}-\d{2}/.test(text);
}

/** `password_reset_token: "user.password.reset"`: words of an interface, one case, put together by marks. */
function isWords(text: string): boolean {
  return /^[A-Z]?[a-z]{2,}(?:[ _.:/-]?[A-Z]?[a-z]{2,}){0,20}[0-9]?$/.test(text.slice(0, 120)) && !/[0-9]{2}/.test(text);
}

/** `password: "passwordConfirm"`, `TOKEN = "x-csrf-token"`: the value says the name again. */
function isIdentifierEcho(window: Window, text: string): boolean {
  const word = window.text.slice(window.at, window.end).replace(/^[_.-]/, '').toLowerCase();
  return window.place !== 'environment' && text.toLowerCase().includes(word);
}

function classes(text: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
}

export const NAMED_RULES: readonly SecretRule[] = [
  named('PASSWORD', 'Password given to a name', '(?i).*(password|passwd|passphrase|_pass|_pwd)\\w*["\']?\\s*(=>|:=|=|:)\\s*\\S{4,}', PASSWORD_WORDS, isPassword),
  named('SECRET_ASSIGNMENT', 'Secret, token or key given to a name', '(?i).*(secret|token|credential|api.?key|(access|auth|private|master).?key)\\w*["\']?\\s*(=>|:=|=|:)\\s*\\S{12,}', TOKEN_WORDS, isToken),
];
