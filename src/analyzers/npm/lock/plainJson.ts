const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const STAR = 0x2a;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const SPACE = 0x20;
/** `}` and `]`. */
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const WHITE: ReadonlySet<number> = new Set([SPACE, NEWLINE, 0x09, 0x0d]);

/**
 * JSON from JSON with comments and trailing commas (Bun's lock file): a copy in which they are spaces. One pass over the bytes;
 * all marks are ASCII, and no byte of a longer UTF-8 sequence is.
 */
export function plainJson(bytes: Buffer): Buffer {
  const plain = Buffer.from(bytes);
  let comma = -1;
  let at = 0;
  while (at < plain.length) {
    const byte = plain[at] ?? 0;
    const comment = byte === SLASH ? endOfComment(plain, at) : at;
    if (comment > at) {
      plain.fill(SPACE, at, comment);
      at = comment;
      continue;
    }
    if (comma >= 0 && CLOSING.has(byte)) plain[comma] = SPACE;
    if (byte === COMMA) comma = at;
    else if (!WHITE.has(byte)) comma = -1;
    at = byte === QUOTE ? endOfString(plain, at) : at + 1;
  }
  return plain;
}

function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at + 1;
  }
  return bytes.length;
}

/** Where a comment that starts at `at` ends; `at` itself where none does. */
function endOfComment(bytes: Buffer, at: number): number {
  const second = bytes[at + 1];
  if (second !== SLASH && second !== STAR) return at;
  const end = second === SLASH ? bytes.indexOf(NEWLINE, at) : bytes.indexOf('*/', at + 2);
  if (end < 0) return bytes.length;
  return second === SLASH ? end : end + 2;
}
