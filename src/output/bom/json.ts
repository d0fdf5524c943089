/** Halves of a character, which JSON.stringify writes as escapes; a backslash of the text itself is written twice. */
const HALVES = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** JSON that every reader takes: names that are no UTF-8 have half characters here, at which strict ones stop; they become U+FFFD. */
export function readableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.includes('\\ud') ? text.replace(HALVES, '$1\ufffd') : text;
}
