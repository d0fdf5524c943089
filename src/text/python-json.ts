/** What a value of the report is made of. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * JSON as Python's `json.dumps` writes it: a space after `,` and `:`, ASCII alone, keys in the order given.
 * Values of the seed's report are compared as strings, so its spelling is part of the format.
 */
export function pythonJson(value: Plain): string {
  if (typeof value === 'string') return pythonString(value);
  if (typeof value !== 'object' || value === null) return String(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const inner of value as readonly Plain[]) text += `${text === '' ? '' : ', '}${pythonJson(inner)}`;
    return `[${text}]`;
  }
  for (const [key, inner] of Object.entries(value)) text += `${text === '' ? '' : ', '}${pythonString(key)}: ${pythonJson(inner as Plain)}`;
  return `{${text}}`;
}

/** Most strings of a report need no escape: a large image has a million of them. */
function pythonString(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
