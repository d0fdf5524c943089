/**
 * Hides what looks like a secret's value in a line of a Dockerfile or of an image's history, so that it can be shown:
 * `ENV AWS_SECRET_ACCESS_KEY=…` keeps its name, and `***` stands for the value. References (`$TOKEN`) and paths stay.
 */
export function redact(line: string): string {
  return line.replace(ASSIGNMENT, hideValue).replace(URL_PASSWORD, '$1***@').replace(BEARER, '$1***');
}

const WORD = '(?:password|passwd|passphrase|passwort|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)';
/** Bounded on both sides, since lines come from images and may be of any length. NAME=value, NAME: value, NAME value (the old form of ENV) and --name value. */
const ASSIGNMENT = new RegExp(`([\\w.-]{0,64}${WORD}[\\w.-]{0,64})(["']?\\s{0,20}[=:]\\s{0,20}|\\s{1,20})("(?:[^"\\\\]|\\\\.)*"?|'[^']*'?|[^\\s"']+)`, 'gi');
const URL_PASSWORD = /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}@/gi;
const BEARER = /((?:bearer|basic)\s+)[\w.~+/-]{8,}=*/gi;
/** Names of files and settings that only speak of a secret. */
const HARMLESS_NAME = /(?:_file|_path|_dir|_url|_length)$|^--?(?:no-)?(?:token|secret)s?-/i;

function hideValue(whole: string, name: string, between: string, value: string): string {
  const bare = value.replace(/^["']|["']$/g, '');
  if (bare === '' || /^\$|^\//.test(bare) || HARMLESS_NAME.test(name)) return whole;
  // "the token is read from": words, not a value; the old form of ENV is told by its capitals.
  if (/^\s+$/.test(between) && !/[A-Z]/.test(name) && !name.startsWith('-')) return whole;
  const quote = /^["']/.exec(value)?.[0] ?? '';
  return `${name}${between}${quote}***${quote}`;
}
