import type { Category, Place } from './tokens.js';

/** What stands after a backslash, and how many UTF-16 units it is long with it. */
export type Escape = { readonly length: number } & (
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'category'; readonly category: Category }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'reference'; readonly group: string }
);

const CONTROL: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\x07' };
const NUMERIC = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(0[0-7]{0,2}|[1-3][0-7]{2}))/y;
const LAST_CODE_POINT = 0x10_ffff;

/** Reads the escape at `at`. In a class there are neither places nor references, and \b is a backspace. Throws an Error of one sentence. */
export function readEscape(pattern: string, at: number, inClass: boolean): Escape {
  const letter = pattern[at + 1];
  if (letter === undefined) throw new Error('it ends in a backslash');
  NUMERIC.lastIndex = at;
  const numeric = NUMERIC.exec(pattern);
  if (numeric !== null) {
    const [text, two, four, eight, octal] = numeric;
    const code = octal === undefined ? parseInt((two ?? four ?? eight) as string, 16) : parseInt(octal, 8);
    if (code > LAST_CODE_POINT) throw new Error(`${text} is no character`);
    return { kind: 'literal', value: String.fromCodePoint(code), length: text.length };
  }
  if (/[1-9]/.test(letter) && !inClass) {
    const group = /^\d{1,2}/.exec(pattern.slice(at + 1))?.[0] as string;
    return { kind: 'reference', group, length: 1 + group.length };
  }
  if (inClass && letter === 'b') return { kind: 'literal', value: '\b', length: 2 };
  if (CONTROL[letter] !== undefined) return { kind: 'literal', value: CONTROL[letter], length: 2 };
  if (/[dDwWsS]/.test(letter)) return { kind: 'category', category: letter as Category, length: 2 };
  if (/[bBAZ]/.test(letter) && !inClass) return { kind: 'place', place: letter as Place, length: 2 };
  if (/[A-Za-z0-9]/.test(letter)) throw new Error(`\\${letter} is no escape that Python knows${inClass ? ' in a class' : ''}`);
  const value = String.fromCodePoint(pattern.codePointAt(at + 1) as number);
  return { kind: 'literal', value, length: 1 + value.length };
}
