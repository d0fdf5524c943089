/** A literal of Ruby: a string, or a list of strings; undefined for any other expression. */
export type Literal = string | readonly string[];

/** A literal and where it ends in the text. */
export interface Scanned {
  readonly value: Literal;
  readonly end: number;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** Items that one list may have: a gem's files. */
const MOST_ITEMS = 100_000;

/**
 * Reads the literal that starts at `at`, as RubyGems writes them and people do: `"x"`, `'x'`, `%q<x>`, `%w[a b]`, `["a", 'b']`, each
 * with `.freeze` or `.dup` behind it, or in `Gem::Version.new(…)`. Nothing is evaluated. Linear in what it reads.
 */
export function scanLiteral(text: string, at: number): Scanned | undefined {
  const outer = skipSpace(text, at);
  const call = 'Gem::Version.new(';
  const start = text.startsWith(call, outer) ? skipSpace(text, outer + call.length) : outer;
  const scanned = text[start] === '[' ? scanList(text, start) : scanString(text, start);
  if (scanned === undefined) return undefined;
  const suffix = /\.(?:freeze|dup)\b/y;
  suffix.lastIndex = scanned.end;
  return suffix.test(text) ? { ...scanned, end: suffix.lastIndex } : scanned;
}

function scanList(text: string, start: number): Scanned | undefined {
  const items: string[] = [];
  let at = skipSpace(text, start + 1);
  while (text[at] !== ']') {
    const item = text[at] === '[' ? undefined : scanLiteral(text, at);
    if (item === undefined || typeof item.value !== 'string' || items.length >= MOST_ITEMS) return undefined;
    items.push(item.value);
    at = skipSpace(text, item.end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
    else if (text[at] !== ']') return undefined;
  }
  return { value: items, end: at + 1 };
}

function scanString(text: string, start: number): Scanned | undefined {
  const open = text[start] ?? '';
  if (open === '"' || open === "'") return scanUntil(text, start + 1, open, '', open === '"');
  const percent = /%([qQwW]?)([([{<|!/])/y;
  percent.lastIndex = start;
  const [, kind = '', bracket = ''] = percent.exec(text) ?? [];
  if (bracket === '') return undefined;
  const close = CLOSING[bracket] ?? bracket;
  const scanned = scanUntil(text, percent.lastIndex, close, close === bracket ? '' : bracket, kind === '' || kind === 'Q');
  if (scanned === undefined || kind.toLowerCase() !== 'w') return scanned;
  return { value: scanned.value.split(/\s+/).filter((word) => word !== ''), end: scanned.end };
}

/** Up to the closing mark, brackets of the same kind counted. An interpolation (`#{…}`) makes it no literal. */
function scanUntil(text: string, start: number, close: string, open: string, escapes: boolean): { readonly value: string; readonly end: number } | undefined {
  const parts: string[] = [];
  let from = start;
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') {
      const escape = escapes ? doubleQuoted(text, at) : singleQuoted(text, at, close);
      parts.push(text.slice(from, at), escape.value);
      from = escape.end;
      at = escape.end - 1;
    } else if (escapes && char === '#' && text[at + 1] === '{') return undefined;
    else if (open !== '' && char === open) depth += 1;
    else if (char === close && (depth -= 1) < 0) return { value: parts.join('') + text.slice(from, at), end: at + 1 };
  }
  return undefined;
}

function singleQuoted(text: string, at: number, close: string): { readonly value: string; readonly end: number } {
  const next = text[at + 1] ?? '';
  return next === '\\' || next === close ? { value: next, end: at + 2 } : { value: '\\', end: at + 1 };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', s: ' ', 0: '\0', e: '\x1b' };

/** `\n`, `\"`, `\u00e9`, `\u{1f600 e9}`, `\xC3`: what String#dump writes for a name that is not ASCII. */
function doubleQuoted(text: string, at: number): { readonly value: string; readonly end: number } {
  const unicode = /\\u(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F ]{1,80})\})/y;
  unicode.lastIndex = at;
  const [, four, several] = unicode.exec(text) ?? [];
  const codes = four ?? several;
  if (codes !== undefined) return { value: codes.trim().split(/ +/).map(character).join(''), end: unicode.lastIndex };
  const bytes = /(?:\\x[0-9a-fA-F]{2}){1,64}/y;
  bytes.lastIndex = at;
  const [hex] = bytes.exec(text) ?? [];
  if (hex !== undefined) return { value: Buffer.from(hex.replaceAll('\\x', ''), 'hex').toString('utf8'), end: bytes.lastIndex };
  const next = text[at + 1] ?? '';
  return { value: ESCAPES[next] ?? next, end: at + 2 };
}

function character(code: string): string {
  const point = Number.parseInt(code, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
}

/** White space, and comments up to the end of their line. */
function skipSpace(text: string, at: number): number {
  let from = at;
  for (;;) {
    const space = /\s*/y;
    space.lastIndex = from;
    space.exec(text);
    from = space.lastIndex;
    if (text[from] !== '#') return from;
    const newline = text.indexOf('\n', from);
    if (newline < 0) return text.length;
    from = newline + 1;
  }
}
