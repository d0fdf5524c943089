/** Whether a row of history is an instruction: word by word, as far as the row or what is known of variables tells, or not. */
export type Likeness = 'same' | 'possible' | 'other';

const UNKNOWN = /\$(?:\{[^}]{0,200}\}|[A-Za-z_][A-Za-z0-9_]*)/g;
/** Stands for whatever an unknown variable holds; no path or command has it. */
export const ANYTHING = '\u0000';

/** Whether a text agrees with a form in which unknown variables stand for anything. Linear: every part is looked for once, from left to right. */
export function agrees(text: string, form: string): Likeness {
  if (text === form) return 'same';
  const parts = form.replace(UNKNOWN, ANYTHING).split(ANYTHING);
  if (parts.length === 1) return 'other';
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return 'other';
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return 'other';
    at = found + part.length;
  }
  return at <= text.length - last.length ? 'possible' : 'other';
}
