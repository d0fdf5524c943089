import { compareNumbers, isDigitCode as isDigit } from './order.js';
import type { VersionScheme } from './scheme.js';

/** `[epoch:]upstream[-revision]`: Debian policy 5.6.12, deb-version(7). A missing revision equals `0`. */
interface DpkgVersion {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

function parse(text: string): DpkgVersion {
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  const rest = trimmed.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? '0' : trimmed.slice(0, colon),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** The tilde sorts before the end, the end before letters, letters before everything else. */
function weight(code: number | undefined): number {
  if (code === undefined || isDigit(code)) return 0;
  if (code === 126) return -1;
  return isLetter(code) ? code : code + 256;
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** By turns a run of non-digits, character by character, and a run of digits, as a number. */
function comparePart(a: string, b: string): number {
  let left = 0;
  let right = 0;
  while (left < a.length || right < b.length) {
    while (atText(a, left) || atText(b, right)) {
      const order = weight(codeAt(a, left)) - weight(codeAt(b, right));
      if (order !== 0) return order;
      left++;
      right++;
    }
    const leftEnd = endOfDigits(a, left);
    const rightEnd = endOfDigits(b, right);
    const order = compareNumbers(a.slice(left, leftEnd), b.slice(right, rightEnd));
    if (order !== 0) return order;
    left = leftEnd;
    right = rightEnd;
  }
  return 0;
}

function codeAt(text: string, index: number): number | undefined {
  return index < text.length ? text.charCodeAt(index) : undefined;
}

function atText(text: string, index: number): boolean {
  return index < text.length && !isDigit(text.charCodeAt(index));
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

export const dpkg: VersionScheme<DpkgVersion> = {
  name: 'dpkg',
  parse,
  compare: (a, b) => compareNumbers(a.epoch, b.epoch) || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision),
  reads: (text) => /^(?:\d+:)?[0-9A-Za-z][0-9A-Za-z.+~:-]*$/.test(text),
};
