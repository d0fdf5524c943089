/** Markup that is safe to send. Only `html` makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: texts and numbers are escaped, markup stays, lists are joined, nothing is nothing. */
export type Part = Html | string | number | readonly Part[] | undefined;

/** A template that escapes whatever is put into it, in content and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, index) => text + render(parts[index - 1]) + string));
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  return Array.isArray(part) ? part.map(render).join('') : escape(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/**
 * Also controls, and marks that turn the direction of what follows (U+202A–202E, U+2066–2069): a path of an image shall look as it is.
 * They are shown as their code points.
 */
function escape(text: string): string {
  return text
    .replace(/[&<>"'`]/g, (letter) => ENTITIES[letter] ?? '')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (letter) => `\\u{${letter.charCodeAt(0).toString(16)}}`);
}
