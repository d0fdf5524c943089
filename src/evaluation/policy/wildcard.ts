import { InputError } from '../../errors.js';
import { BudgetError, cachedPattern, RegexBudget } from './regex.js';

/** A text in which `*` stands for any run of characters; or, after `regexp:`, a regular expression matched from the start. */
export interface Wildcard {
  readonly source: string;
  /** Throws InputError for an expression that cannot be decided within the budget: to take that for no match could let something pass. */
  matches(text: string, budget?: RegexBudget): boolean;
}

const PREFIX = 'regexp:';

/** Throws an Error of one sentence for a regular expression that is none. */
export function wildcard(source: string): Wildcard {
  if (source.startsWith(PREFIX)) {
    const pattern = cachedPattern(source.slice(PREFIX.length));
    return { source, matches: (text, budget = new RegexBudget()) => decide(source, () => pattern.test([text], budget)[0] === true) };
  }
  const parts = source.split('*');
  return { source, matches: (text) => matchesParts(parts, text) };
}

function decide(source: string, test: () => boolean): boolean {
  try {
    return test();
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    throw new InputError(`The expression ${JSON.stringify(source.slice(0, 200))} takes too long: ${error.message}. Write it without repeats inside repeats.`, { cause: error });
  }
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
