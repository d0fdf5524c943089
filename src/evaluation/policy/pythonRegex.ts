/**
 * Regular expressions of policies are Python's (`re.match`: from the start, not to the end). Both engines that run them here
 * write a few things in another way; this reads Python's syntax, token by token, and says what is in it.
 * Source: docs.python.org/3/library/re.html.
 */

export type RegexToken =
  | { readonly kind: 'literal'; readonly value: string }
  /** A class, an escape that stands for several characters, `.`, `^`, `$`: one thing that is no known text. */
  | { readonly kind: 'other'; readonly text: string }
  | { readonly kind: 'open'; readonly text: string; readonly look: boolean }
  | { readonly kind: 'close' }
  | { readonly kind: 'or' }
  | { readonly kind: 'repeat'; readonly text: string; readonly minimum: number };

export interface PythonRegex {
  /** Letters of leading `(?imsx)`, without `a`, `u` and `L`, which change nothing here. */
  readonly flags: string;
  readonly tokens: readonly RegexToken[];
  /** Lookahead or lookbehind, or a reference to a group: what a linear-time engine cannot run. */
  readonly backtracks: boolean;
}

const LEADING_FLAGS = /^\(\?([aiLmsux]+)\)/;
const GROUP = /\(\?(?:P<(\w+)>|P=(\w+)\)|#[^)]*\)|<?[=!]|:|[aiLmsux]*(?:-[imsx]+)?:)|\((?!\?)/y;
const REPEAT = /(?:[*+?]|\{(\d*)(,?)(\d*)\})\??/y;
const CLASS = /\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/y;

/** Reads a pattern. Throws an Error of one sentence when it is none, or uses what is not supported. */
export function readPythonRegex(pattern: string): PythonRegex {
  const leading = LEADING_FLAGS.exec(pattern);
  const flags = (leading?.[1] ?? '').replace(/[auL]/g, '');
  if (flags.includes('x')) throw new Error('the flag (?x), for patterns with comments, is not supported');
  const tokens: RegexToken[] = [];
  let at = leading?.[0].length ?? 0;
  let backtracks = false;
  let depth = 0;
  const next = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const found = expression.exec(pattern);
    if (found !== null) at += found[0].length;
    return found;
  };
  while (at < pattern.length) {
    const character = String.fromCodePoint(pattern.codePointAt(at) as number);
    if (character === '\\') {
      const escaped = readEscape(pattern, at);
      at += escaped.length;
      backtracks ||= escaped.reference;
      tokens.push(escaped.token);
    } else if (character === '[') {
      const found = next(CLASS);
      if (found === null) throw new Error(`the [ at character ${at + 1} is not closed`);
      tokens.push({ kind: 'other', text: rewriteClass(found[0]) });
    } else if (character === '(') {
      const found = next(GROUP);
      if (found === null) throw new Error(`the group at character ${at + 1} is of a kind that is not supported`);
      if (found[0].startsWith('(?#')) continue;
      if (found[2] !== undefined) {
        backtracks = true;
        tokens.push({ kind: 'other', text: `\\k<${found[2]}>` });
        continue;
      }
      const look = /^\(\?<?[=!]/.test(found[0]);
      backtracks ||= look;
      depth += 1;
      tokens.push({ kind: 'open', text: found[1] === undefined ? found[0] : `(?<${found[1]}>`, look });
    } else if (character === ')') {
      depth -= 1;
      if (depth < 0) throw new Error(`the ) at character ${at + 1} closes nothing`);
      tokens.push({ kind: 'close' });
      at += 1;
    } else if (character === '|') {
      tokens.push({ kind: 'or' });
      at += 1;
    } else if (/[*+?{]/.test(character)) {
      at = pushRepeat(tokens, pattern, at, next(REPEAT));
    } else {
      tokens.push(/[.^$]/.test(character) ? { kind: 'other', text: character } : { kind: 'literal', value: character });
      at += character.length;
    }
  }
  if (depth > 0) throw new Error('a ( is not closed');
  return { flags, tokens, backtracks };
}

/** In a class Python takes `[` and a leading `]` as themselves, and \\b as a backspace. */
function rewriteClass(text: string): string {
  const opening = text.startsWith('[^') ? '[^' : '[';
  const members = text.slice(opening.length, -1).replace(/\\[\s\S]|[[\]]/g, (member) => {
    if (member === '\\b') return '\\x08';
    return member.length === 1 ? `\\${member}` : member;
  });
  return `${opening}${members}]`;
}

function pushRepeat(tokens: RegexToken[], pattern: string, at: number, found: RegExpExecArray | null): number {
  const brace = pattern[at] === '{';
  if (brace && (found === null || (found[1] === '' && found[3] === ''))) {
    tokens.push({ kind: 'literal', value: '{' });
    return at + 1;
  }
  if (found === null) throw new Error(`the repeat at character ${at + 1} cannot be read`);
  const before = tokens.at(-1);
  if (before === undefined || before.kind === 'or' || before.kind === 'open' || before.kind === 'repeat') {
    throw new Error(`there is nothing to repeat at character ${at + 1}`);
  }
  const lazy = found[0].endsWith('?') && found[0].length > 1 ? '?' : '';
  const minimum = brace ? Number(found[1] === '' ? 0 : found[1]) : found[0].startsWith('+') ? 1 : 0;
  const text = brace ? `{${minimum}${found[2]}${found[3]}}${lazy}` : found[0];
  tokens.push({ kind: 'repeat', text, minimum });
  return at + found[0].length;
}

const CONTROL: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\x07' };
const NUMERIC = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(0[0-7]{0,2}|[1-3][0-7]{2}))/y;

function readEscape(pattern: string, at: number): { readonly token: RegexToken; readonly length: number; readonly reference: boolean } {
  const letter = pattern[at + 1];
  if (letter === undefined) throw new Error('it ends in a backslash');
  NUMERIC.lastIndex = at;
  const numeric = NUMERIC.exec(pattern);
  if (numeric !== null) {
    const code = numeric[3] === undefined ? parseInt((numeric[1] ?? numeric[2]) as string, 16) : parseInt(numeric[3], 8);
    return { token: { kind: 'literal', value: String.fromCharCode(code) }, length: numeric[0].length, reference: false };
  }
  if (/[1-9]/.test(letter)) {
    const digits = /^\d{1,2}/.exec(pattern.slice(at + 1))?.[0] as string;
    return { token: { kind: 'other', text: `\\${digits}` }, length: 1 + digits.length, reference: true };
  }
  if (CONTROL[letter] !== undefined) return { token: { kind: 'literal', value: CONTROL[letter] }, length: 2, reference: false };
  if (/[dDwWsSbBAZ]/.test(letter)) return { token: { kind: 'other', text: `\\${letter}` }, length: 2, reference: false };
  if (/[A-Za-z]/.test(letter)) throw new Error(`\\${letter} is no escape that Python knows`);
  const character = String.fromCodePoint(pattern.codePointAt(at + 1) as number);
  return { token: { kind: 'literal', value: character }, length: 1 + character.length, reference: false };
}

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/;

/** The same pattern as the engine of choice reads it, without flags and not anchored. */
export function writeRegex(regex: PythonRegex, engine: 're2' | 'javascript'): string {
  return regex.tokens.map((token) => writeToken(token, engine, regex.flags.includes('m'))).join('');
}

function writeToken(token: RegexToken, engine: 're2' | 'javascript', multiline: boolean): string {
  switch (token.kind) {
    case 'literal': return writeLiteral(token.value, engine);
    case 'close': return ')';
    case 'or': return '|';
    case 'open':
    case 'repeat': return token.text;
    case 'other':
      if (token.text === '\\A') return engine === 're2' ? '\\A' : '(?<![\\s\\S])';
      if (token.text === '\\Z') return engine === 're2' ? '\\z' : '(?![\\s\\S])';
      // Python's $ also stands before a newline that ends the text.
      if (token.text === '$' && !multiline) return engine === 're2' ? '(?:\\n?\\z)' : '(?=\\n?(?![\\s\\S]))';
      return token.text;
  }
}

function writeLiteral(value: string, engine: 're2' | 'javascript'): string {
  if (SPECIAL.test(value)) return `\\${value}`;
  const code = value.codePointAt(0) as number;
  if (code >= 0x20) return value;
  return engine === 're2' ? `\\x{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
