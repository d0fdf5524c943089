import { isUtf8 } from 'node:buffer';

/**
 * Paths of an image are bytes; ours are strings. Bytes that are no UTF-8 are kept as PEP 383 keeps them ("surrogateescape"): byte 0xNN
 * becomes the lone surrogate U+DCNN, which no valid UTF-8 decodes to, so the bytes can be had back. JSON carries them as `\udcNN`,
 * and Python's `os.fsencode` turns them into the very bytes again.
 */

/** Decodes a name's bytes. `binary` is one character a byte (latin1). */
export function pathFromBinary(binary: string): string {
  if (/^[\x00-\x7f]*$/.test(binary)) return binary;
  const bytes = Buffer.from(binary, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : escapeInvalid(bytes);
}

function escapeInvalid(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const character = bytes.subarray(at, at + length);
    if (isUtf8(character)) {
      text += character.toString('utf8');
      at += length;
    } else {
      text += String.fromCharCode(0xdc00 + first);
      at += 1;
    }
  }
  return text;
}

/** The bytes that `pathFromBinary` was given. */
export function pathToBytes(path: string): Buffer {
  const parts = path.split(/([\udc80-\udcff])/u);
  return Buffer.concat(parts.map((part, index) => (index % 2 === 1 ? Buffer.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part, 'utf8'))));
}

/** For people: bytes that are no UTF-8, and control characters, as `\xNN`. Not reversible. */
export function printablePath(path: string): string {
  const hex = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`;
  return path
    .replace(/[\udc80-\udcff]/gu, (escaped) => hex(escaped.charCodeAt(0) - 0xdc00))
    .replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (control) => {
      const code = control.charCodeAt(0);
      return code < 0x100 ? hex(code) : `\\u${code.toString(16)}`;
    });
}

/**
 * A path below the root with neither `.`, `..`, empty segments nor slashes at its ends. `..` at the root stays there, as in a chroot;
 * elsewhere it takes away the segment before it, whatever that is, which is what container engines do with names of tar entries.
 */
export function cleanPath(path: string): string {
  if (!/(^|\/)(\.{0,2})(\/|$)/.test(path)) return path;
  const clean: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') clean.pop();
    else if (segment !== '' && segment !== '.') clean.push(segment);
  }
  return clean.join('/');
}

/** The path of the directory that holds it, and its name there: `['usr/bin', 'env']`; `['', 'bin']`. */
export function splitPath(path: string): [directory: string, name: string] {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)];
}
