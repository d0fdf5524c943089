import { entropy } from './checks.js';
import { isExample } from './examples.js';
import type { SecretRule, Span, Window } from './rule.js';

/** A token with a form of its own. */
export interface TokenForm {
  readonly name: string;
  readonly title: string;
  readonly literals: readonly string[];
  /** The token's expression: no lookaround, every repetition bounded. */
  readonly source: string;
  /** How far before its literal the token may begin; 0 where it begins with it. */
  readonly before?: number;
  /** Longest token; default 512. */
  readonly longest?: number;
  /** Case does not matter. */
  readonly ignoreCase?: boolean;
  /** Least entropy in bits a character. */
  readonly entropy?: number;
  /** Structure that an expression cannot say: a checksum, JSON inside. */
  readonly check?: (token: string) => boolean;
  /** Which group of the expression is the secret; the whole by default. */
  readonly group?: number;
  /** Characters that may not stand next to the token; letters, digits and `_` by default. */
  readonly boundary?: RegExp;
  /** What the text before the token must hold, within `before`. */
  readonly context?: RegExp;
  readonly ownTextOnly?: boolean;
}

const WORD = /[A-Za-z0-9_]/;

/** Makes a rule of a form. */
export function tokenRule(form: TokenForm): SecretRule {
  const before = form.context === undefined ? (form.before ?? 0) : 0;
  // d: where the group lies; y: at the literal; g: anywhere before it
  const expression = new RegExp(form.source, `d${form.ignoreCase === true ? 'i' : ''}${before === 0 ? 'y' : 'g'}`);
  const boundary = form.boundary ?? WORD;
  return {
    name: form.name,
    title: form.title,
    regex: `${form.ignoreCase === true ? '(?i)' : ''}.*${form.source}`,
    literals: form.literals,
    // one more on either side to see the neighbours
    before: (form.before ?? 0) + 2,
    behind: (form.longest ?? 512) + 1,
    rank: 2,
    ownTextOnly: form.ownTextOnly ?? false,
    // most hits are in the midst of words: they cost nothing then
    ...(before === 0 && form.group === undefined ? { precheck: startsWord(boundary) } : {}),
    find: (window) => (form.context?.test(window.text.slice(0, window.at)) === false ? undefined : findToken(expression, before, boundary, form, window)),
  };
}

function findToken(expression: RegExp, before: number, boundary: RegExp, form: TokenForm, window: Window): Span | undefined {
  const { text } = window;
  expression.lastIndex = Math.max(0, window.at - before);
  for (let match = expression.exec(text); match !== null; match = before === 0 ? null : expression.exec(text)) {
    if (match.index > window.at) return undefined;
    const [start, end] = match.indices?.[form.group ?? 0] ?? [0, 0];
    const token = text.slice(start, end);
    const alone = !hasWordBefore(text, start, boundary) && !boundary.test(text.charAt(match.index + match[0].length));
    if (alone && end > window.at && isReal(token, form, window.strict)) return { start, end };
    // an empty match would not move on
    if (match[0] === '') return undefined;
  }
  return undefined;
}

function isReal(token: string, form: TokenForm, strict: boolean): boolean {
  if (form.entropy !== undefined && entropy(token) < form.entropy) return false;
  if (form.check !== undefined && !form.check(token)) return false;
  return strict || !isExample(token);
}

/** Whether no letter stands before the literal, looked at in bytes. */
function startsWord(boundary: RegExp): (bytes: Buffer, at: number) => boolean {
  const inside = Uint8Array.from({ length: 256 }, (_, byte) => (boundary.test(String.fromCharCode(byte)) ? 1 : 0));
  // an escape's letter is judged by the rule itself
  return (bytes, at) => at === 0 || inside[bytes[at - 1] ?? 0] === 0 || bytes[at - 2] === 0x5c;
}

/** A letter before the token, unless it is the `n` of an escaped line feed in a string: `"\nAKIA…"`. */
function hasWordBefore(text: string, index: number, boundary: RegExp): boolean {
  if (index === 0 || !boundary.test(text.charAt(index - 1))) return false;
  return !(text.charAt(index - 2) === '\\' && /[nrt]/.test(text.charAt(index - 1)));
}
