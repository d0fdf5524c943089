import { entropy, isPlaceholder } from './checks.js';
import { isExample } from './examples.js';
import type { SecretRule, Span, Window } from './rule.js';

/** A secret without a form of its own, known by the name it is given to: `DATADOG_API_KEY: 0f…`. */
export interface AssignedForm {
  readonly name: string;
  readonly title: string;
  /** Parts of the variable's name. */
  readonly literals: readonly string[];
  /** The value's whole expression; no lookaround, bounded. */
  readonly value: string;
  readonly entropy?: number;
  readonly check?: (value: string) => boolean;
  readonly ownTextOnly?: boolean;
}

/** The rest of a name, what binds a value to it, and the quote that opens the value; all bounded. */
const BINDING = `[\\w.\\- ]{0,40}["'\\]]{0,2}[ \\t]{0,8}(?::=|=>|={1,3}|:|>|,)[ \\t]{0,8}`;
const OPEN = '(["\'`]|\\\\["\']|)';

/** How much of a line behind the name is looked at. */
const LONGEST = 400;

/** Makes a rule of a form. */
export function assignedRule(form: AssignedForm): SecretRule {
  const expression = new RegExp(`${BINDING}${OPEN}(${form.value})`, 'dy');
  return {
    name: form.name,
    title: form.title,
    regex: `(?i).*(?:${form.literals.map(escaped).join('|')}).{0,60}[:=>,].{0,10}${form.value}`,
    literals: form.literals,
    before: 0,
    behind: LONGEST,
    rank: 2,
    ownTextOnly: form.ownTextOnly ?? false,
    find: (window) => findAssigned(expression, form, window),
  };
}

function findAssigned(expression: RegExp, form: AssignedForm, window: Window): Span | undefined {
  expression.lastIndex = window.end;
  const match = expression.exec(window.text);
  const [start, end] = match?.indices?.[2] ?? [0, 0];
  if (match === null || /[A-Za-z0-9_\-/+=]/.test(window.text.charAt(end))) return undefined;
  const value = window.text.slice(start, end);
  if (entropy(value) < (form.entropy ?? 3)) return undefined;
  if (form.check !== undefined && !form.check(value)) return undefined;
  if (!window.strict && (isPlaceholder(value) || isExample(value))) return undefined;
  return { start, end };
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
