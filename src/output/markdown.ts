/** Everything that comes from an image or from somebody else's record is hostile in Markdown: it may hold tables, tags, links and mentions. */

const SPECIAL = /[\\`*_{}[\]()#+!|<>~$&-]/g;

/**
 * Text as plain text in GitHub-flavoured Markdown, on one line: nothing in it is markup, a link, a mention or a break of a table.
 * A zero-width non-joiner keeps `@name` and bare addresses from being linked.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(SPECIAL, (char) => (char === '<' ? '&lt;' : char === '>' ? '&gt;' : char === '&' ? '&amp;' : char === '-' || char === '+' ? char : `\\${char}`))
    .replace(/^([-+])/, '\\$1')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2')
    .replace(/@(?=\w)/g, '@\u200c')
    .replace(/\b(https?|ftp)(?=:)/gi, '$1\u200c')
    .replace(/\bwww(?=\.)/gi, 'www\u200c');
}

/** Text in a code span within a table: back-ticks and bars cannot end it. */
export function codeSpan(text: string): string {
  const line = oneLine(text).replaceAll('`', 'ˋ').replaceAll('|', '\\|').trim();
  return line === '' ? '' : `\`${line}\``;
}

/** Text in HTML: within `<summary>`, `<code>` and the like. */
export function escapeHtml(text: string): string {
  return oneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
    .replaceAll('|', '&#124;').replaceAll('`', '&#96;').replaceAll('*', '&#42;').replaceAll('_', '&#95;').replaceAll('[', '&#91;').replaceAll('~', '&#126;').replaceAll('\\', '&#92;').replaceAll('$', '&#36;')
    .replace(/@(?=\w)/g, '@\u200c');
}

/** A link where the address is one of the web, else the text alone. */
export function link(text: string, url: string): string {
  if (!/^https?:\/\/[\w.~:/?#@!$&()*+,;=%-]{1,1000}$/.test(url)) return escapeMarkdown(text);
  return `[${escapeMarkdown(text)}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** Text within a mermaid diagram's quotes: letters, digits and what is harmless there. */
export function mermaidText(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{N} .,:/=_-]/gu, ' ').replace(/\b(end|graph|subgraph|click|style)\b/gi, '$1 ').replace(/\s+/g, ' ').trim() || '-';
}

/** Control characters, breaks and marks that turn the direction of writing become blanks; half a surrogate pair becomes a replacement character. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').replace(/\p{Cs}/gu, '\ufffd');
}
