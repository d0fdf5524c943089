import type { Escape } from './words.js';

/** Value of a variable; undefined where it is not known. */
export type Lookup = (name: string) => string | undefined;

/** `ENV A=$A$A` doubles: a text that would grow past this stays as written, since nothing sensible is that long. */
export const MAX_EXPANDED = 16 * 1024;
/** `${A:-${B:-…}}`: nobody nests deeper. */
const MAX_DEPTH = 8;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/**
 * Substitutes `$name`, `${name}`, `${name:-word}` and their kin as a builder does; quotes stay as written, nothing is
 * substituted within single quotes or after the escape character. What is not known stays as written.
 * Source: Dockerfile reference, "Environment replacement".
 */
export function expand(text: string, lookup: Lookup, escape: Escape = '\\', depth = 0): string {
  if (!text.includes('$')) return text;
  let result = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === escape && quote !== "'") {
      result += char + text.charAt(++i);
    } else if (char === '$' && quote !== "'") {
      const found = variable(text, i, lookup, escape, depth);
      result += found.value;
      i = found.last;
      if (result.length > MAX_EXPANDED) return text;
    } else {
      if (quote === char) quote = '';
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      result += char;
    }
  }
  return result;
}

/** The variable whose `$` stands at `start`: what to write for it, and the index of its last character. */
function variable(text: string, start: number, lookup: Lookup, escape: Escape, depth: number): { value: string; last: number } {
  const braced = text.charAt(start + 1) === '{';
  NAME.lastIndex = start + (braced ? 2 : 1);
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return { value: '$', last: start };
  const afterName = NAME.lastIndex;
  if (!braced) return { value: lookup(name) ?? `$${name}`, last: afterName - 1 };
  const close = closingBrace(text, start + 1);
  if (close === -1) return { value: '$', last: start };
  const asWritten = text.slice(start, close + 1);
  const operation = text.slice(afterName, close);
  const value = lookup(name);
  if (operation === '') return { value: value ?? asWritten, last: close };
  const [, operator = '', word = ''] = /^(:?[-+?])([^]*)$/.exec(operation) ?? [];
  if (operator === '' || depth >= MAX_DEPTH) return { value: asWritten, last: close };
  const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  const inner = (): string => expand(word, lookup, escape, depth + 1);
  if (operator.endsWith('-')) return { value: isSet ? (value ?? '') : inner(), last: close };
  if (operator.endsWith('+')) return { value: isSet ? inner() : '', last: close };
  return { value: isSet ? (value ?? '') : asWritten, last: close };
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  // A variable is short: looking no further keeps a text of many open braces linear.
  const end = Math.min(text.length, open + 4096);
  for (let i = open; i < end; i++) {
    const char = text.charAt(i);
    if (char === '{' && (i === open || text.charAt(i - 1) === '$')) depth++;
    else if (char === '}' && --depth === 0) return i;
  }
  return -1;
}
