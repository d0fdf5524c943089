import { cachedPattern, RegexBudget } from './regex.js';

/** A text in which `*` stands for any run of characters; or, after `regexp:`, a regular expression matched from the start. */
export interface Wildcard {
  readonly source: string;
  matches(text: string): boolean;
}

const PREFIX = 'regexp:';

/** Throws an Error of one sentence for a regular expression that is none. */
export function wildcard(source: string): Wildcard {
  if (source.startsWith(PREFIX)) {
    const pattern = cachedPattern(source.slice(PREFIX.length));
    return { source, matches: (text) => pattern.test([text], new RegexBudget())[0] === true };
  }
  const parts = source.split('*');
  return { source, matches: (text) => matchesParts(parts, text) };
}

/** Takes each part at its first place after the one before: no backtracking is needed. */
function matchesParts(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
