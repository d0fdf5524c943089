import { InputError } from '../../errors.js';
import { readPythonRegex } from '../../text/python-regex/read.js';
import { requiredTexts } from '../../text/python-regex/required.js';
import { backtracks, type CharacterSet, type PythonRegex, type RegexToken } from '../../text/python-regex/tokens.js';
import { writeRegex } from '../../text/python-regex/write.js';

export interface LinearRegex {
  /** In RE2's syntax. */
  readonly source: string;
  /** Of these (lower case) one is in whatever matches; null: nothing is known. */
  readonly required: readonly string[] | null;
}

/**
 * Python's regular expressions of bytes (a character for each), as far as a linear engine can have them.
 * Look-around is translated where it is one class of characters beside `.*` or an end, which is how Anchore's own patterns use it:
 * `.*(?<![A-Z])X` is `(?:.*[^A-Z])?X`, `X(?![A-Z]).*` is `X(?:[^A-Z]|$).*`. Everything else of it is refused.
 * @throws InputError
 */
export function toLinear(regex: string): LinearRegex {
  let read: PythonRegex;
  try {
    read = readPythonRegex(regex);
  } catch (error) {
    throw new InputError(`The pattern ${JSON.stringify(regex)} is no regular expression: ${(error as Error).message}.`, { cause: error });
  }
  const linear = { ...read, ascii: true, tokens: withoutLookaround(read.tokens) };
  const left = linear.tokens.find((token) => backtracks({ ...linear, tokens: [token] }));
  if (left !== undefined) throw new InputError(`The pattern ${JSON.stringify(regex)} uses ${nameOf(left)}, which no linear-time engine has. Write it without look-around and back-references.`);
  const flags = linear.flags === '' ? '' : `(?${linear.flags})`;
  return { source: flags + writeRegex(linear, 're2'), required: requiredTexts(linear) };
}

function nameOf(token: RegexToken): string {
  return token.kind === 'reference' ? `\\${token.group}` : `(?${token.kind === 'open' ? token.look ?? '' : ''}`;
}

function withoutLookaround(tokens: readonly RegexToken[]): readonly RegexToken[] {
  const rewritten: RegexToken[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as RegexToken;
    const set = tokens[at + 1];
    const simple = token.kind === 'open' && set?.kind === 'set' && tokens[at + 2]?.kind === 'close';
    if (!simple || (token.look !== '<!' && token.look !== '!')) {
      rewritten.push(token);
    } else if (token.look === '<!' && (rewritten.length === 0 || isAnything(rewritten, rewritten.length - 2))) {
      rewritten.splice(-2, 2, ...before(set));
      at += 2;
    } else if (token.look === '!' && (at + 3 === tokens.length || isAnything(tokens, at + 3))) {
      rewritten.push(...after(set));
      at += 2;
    } else rewritten.push(token);
  }
  return rewritten;
}

/** `.*` */
function isAnything(tokens: readonly RegexToken[], at: number): boolean {
  const repeat = tokens[at + 1];
  return tokens[at]?.kind === 'any' && repeat?.kind === 'repeat' && repeat.minimum === 0 && repeat.maximum === Infinity;
}

const GROUP = { kind: 'open' } as const;
const CLOSE = { kind: 'close' } as const;

function before(set: CharacterSet): readonly RegexToken[] {
  const other = { ...set, negated: !set.negated };
  const any = { kind: 'repeat', minimum: 0, maximum: Infinity, lazy: false } as const;
  return [GROUP, { kind: 'any' }, any, other, CLOSE, { kind: 'repeat', minimum: 0, maximum: 1, lazy: false }];
}

function after(set: CharacterSet): readonly RegexToken[] {
  return [GROUP, { ...set, negated: !set.negated }, { kind: 'or' }, { kind: 'place', place: 'Z' }, CLOSE];
}
