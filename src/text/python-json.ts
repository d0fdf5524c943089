/** What a value of the report is made of. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * JSON as Python's `json.dumps` writes it: a space after `,` and `:`, ASCII alone, keys in the order given.
 * Values of the seed's report are compared as strings, so its spelling is part of the format.
 */
export function pythonJson(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, inner]) => `${pythonJson(key)}: ${pythonJson(inner as Plain)}`).join(', ')}}`;
  }
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
