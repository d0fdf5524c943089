import { visible } from '../text/visible.js';

/** Everything that comes from an image or from somebody else's record is hostile in Markdown: it may hold tables, tags, links and mentions. */

const SPECIAL = /[\\`*_{}[\]()#!|<>~$&]/g;

/** A dollar sign on its own is what GitHub asks for beside mathematics. Source: GitHub, "Writing mathematical expressions". */
const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', $: '<span>$</span>' };

/** What GitHub makes a link or a picture of after Markdown is done with it, where a backslash does not help. */
const LINKED: readonly RegExp[] = [/@(?=[\w.-])/g, /#(?=\d)/g, /\bGH(?=-\d)/gi, /:(?=[\w+-]{1,60}:)/g, /\b(?:https?|ftp)(?=:)/gi, /\bwww(?=\.)/gi];

/**
 * Text as plain text in GitHub-flavoured Markdown, on one line: nothing in it is markup, a link, a mention, an issue, an emoji or a break of a table.
 * A zero-width non-joiner keeps `@name`, `#1`, `:name:` and bare addresses from being linked.
 */
export function escapeMarkdown(text: string): string {
  return unlinked(visible(text))
    .replace(SPECIAL, (char) => ENTITIES[char] ?? `\\${char}`)
    .replace(/^([-+])/, '\\$1')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

function unlinked(text: string): string {
  return LINKED.reduce((left, pattern) => left.replace(pattern, '$&\u200c'), text);
}

/**
 * Text for those who may or may not read it as Markdown, such as a SARIF message: nothing in it is a link (also of SARIF's own kind),
 * a tag or a mention, and little is changed.
 */
export function plainText(text: string): string {
  return visible(text)
    .replace(/\](?=\()/g, '] ')
    .replace(/<(?=[A-Za-z/!?])/g, '< ')
    .replace(/(?<![\w/])@(?=\w)/g, '@\u200c');
}

/** Text in a code span: back-ticks cannot end it. */
export function codeSpan(text: string): string {
  const line = visible(text).replaceAll('`', 'ˋ').trim();
  return line === '' ? '' : `\`${line}\``;
}

/** Text in a code span within a table: back-ticks and bars cannot end it. */
export function codeCell(text: string): string {
  return codeSpan(text).replaceAll('|', '\\|');
}

/** A link where the address is one of the web, else the text alone. */
export function link(text: string, url: string): string {
  if (!/^https?:\/\/[\w.~:/?#@!$&()*+,;=%-]{1,1000}$/.test(url)) return escapeMarkdown(text);
  return `[${escapeMarkdown(text)}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** Text within a mermaid diagram's quotes: letters, digits and what is harmless there. */
export function mermaidText(text: string): string {
  return visible(text).replace(/[^\p{L}\p{N} .,:/=_…-]/gu, ' ').replace(/\b(end|graph|subgraph|click|style)\b/gi, '$1 ').replace(/\s+/g, ' ').trim() || '-';
}
