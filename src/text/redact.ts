/**
 * Hides what looks like a secret's value in text of a Dockerfile or of an image's history, so that it can be shown, stored and sent:
 * `ENV AWS_SECRET_ACCESS_KEY=…` keeps its name, and `***` stands for the value. References (`$TOKEN`) and paths stay.
 * By the names that values are given to; secrets that are known by their form are analyzers/secrets/mask.ts's, which asks here too.
 */
export function redact(text: string): string {
  const placed = PLACES.reduce((shown, { pattern, literal }) => literal.test(shown) ? shown.replace(pattern, '$1***') : shown, text);
  return SECRET_WORD.test(placed) ? placed.replace(ENV_WITH_BLANK, hideVariable).replace(ASSIGNMENT, hideValue) : placed;
}

/** What stands in a secret's place. Line ends stay, so that the lines behind keep their numbers. */
export function hidden(secret: string): string {
  return `***${(secret.match(/\\?\r?\n/g) ?? []).join('')}`;
}

/** Whether a variable, label or option of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_WORD.test(name) && !HARMLESS_NAME.test(name);
}

/** The value of a variable whose name is known: whole, whatever blanks it has; undefined where it is not to be hidden. */
export function redactValue(name: string, value: string): string | undefined {
  return isSecretName(name) && !isHarmless(value) ? hidden(value) : undefined;
}

const WORD = '(?:password|passwd|passphrase|passwort|(?<![a-z0-9])pass(?![a-z0-9])|pwd(?![a-z0-9])|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|(?:signing|encryption|master|account)[_-]?key|credentials?)';
const SECRET_WORD = new RegExp(WORD, 'i');
/** All bounded, since texts come from images and may be of any length. */
const NAME = `[\\w.-]{0,64}${WORD}[\\w.-]{0,64}`;
/** What binds a value to a name: NAME=value, "name": value, \"name\": value, NAME value (the old form of ENV), --name value, "--name", "value". */
const BINDING = '\\\\?["\']?[ \\t]{0,20}[=:][ \\t]{0,20}|["\'],?[ \\t]{1,20}|[ \\t]{1,20}';
/** Quoted, with its quotes escaped, or bare; a line goes on only behind a backslash. */
const VALUE = '\\\\(["\'])[^\\n]{0,2000}?\\\\\\3|"(?:[^"\\\\\\n]|\\\\[^])*"?|\'[^\'\\n]*\'?|[^\\s"\']+';
const ASSIGNMENT = new RegExp(`(${NAME})(${BINDING})(?:${VALUE})`, 'gi');
/** `ENV NAME a b c`, `LABEL name a b c`: the rest of the line is one value. */
const ENV_WITH_BLANK = new RegExp(`(?<=^[ \\t]{0,20}(?:ONBUILD[ \\t]{1,20})?(?:ENV|LABEL)[ \\t]{1,20})(${NAME})([ \\t]{1,20})(?![=\\s])(?![^\\n]{0,200}=)[^\\n]+`, 'gim');

/** Secrets that stand at a known place of a command, each behind a literal that is looked for first. */
const PLACES: readonly { readonly literal: RegExp; readonly pattern: RegExp }[] = [
  { literal: /:\/\//, pattern: /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)/gi },
  // a token alone: https://TOKEN@host
  { literal: /:\/\//, pattern: /([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/:@]{16,500}(?=@)/gi },
  { literal: /bearer|basic/i, pattern: /((?:bearer|basic)\s+)[\w.~+/-]{8,}=*/gi },
  { literal: /\bcurl\b/, pattern: /(\s(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"'$]{1,100}:)[^\s"'$]{1,200}/g },
  { literal: /\bsshpass\b/, pattern: /(\bsshpass\s+-p\s?["']?)[^\s"'$]{1,200}/g },
  { literal: /\bmysql|\bmariadb/, pattern: /(\b(?:mysql|mariadb)[\w-]{0,20}(?:\s+[^\s|;&]{1,100}){0,8}?\s+-p["']?)(?![\s$])[^\s"'$]{1,200}/g },
  { literal: /\bchpasswd\b/, pattern: /(\becho\s+(?:-\w\s+)?["']?[\w.-]{1,32}:)[^\s"'|$]{1,200}(?=["']?\s*\|\s*chpasswd)/g },
];

/** Names of files and settings that only speak of a secret. */
const HARMLESS_NAME = /(?:_file|_path|_dir|_url|_length)$|^--?(?:no-)?(?:token|secret)s?-/i;
const HARMLESS_VALUE = /^$|^\$|^\/|^(?:true|false|null|none)$/i;

function isHarmless(value: string): boolean {
  return HARMLESS_VALUE.test(value.replace(/^\\?["']|\\?["']$/g, ''));
}

/** Behind ENV there is a variable, in whatever case. */
function hideVariable(whole: string, name: string, between: string): string {
  const value = whole.slice(name.length + between.length);
  return isHarmless(value) || HARMLESS_NAME.test(name) ? whole : hide(name, between, value);
}

function hideValue(whole: string, name: string, between: string): string {
  const value = whole.slice(name.length + between.length);
  if (isHarmless(value) || HARMLESS_NAME.test(name)) return whole;
  // "the token is read from": words, not a value; the old form of ENV is told by its capitals, an option by its dash.
  if (!/[=:]/.test(between) && !name.startsWith('-') && (!/[A-Z]/.test(name) || /["']/.test(between))) return whole;
  return hide(name, between, value);
}

function hide(name: string, between: string, value: string): string {
  const quote = /^\\?["']/.exec(value)?.[0] ?? '';
  return `${name}${between}${quote}${hidden(value)}${quote}`;
}
