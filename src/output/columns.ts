import { visible } from '../text/visible.js';

/** Nothing from an image may steer the terminal, or hide what it is. */
export function printable(text: string): string {
  return visible(text).trim();
}

const WIDE = /[\u1100-\u115f\u231a\u231b\u23e9-\u23ec\u2614\u2615\u2648-\u2653\u26a1\u26d4\u2705\u274c\u2753-\u2755\u2757\u2795-\u2797\u2b50\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** Columns that a text takes. */
export function length(text: string): number {
  let columns = 0;
  for (const char of text) columns += columnsOf(char);
  return columns;
}

function columnsOf(char: string): number {
  if (char >= ' ' && char <= '~') return 1;
  return NO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
}

/** The beginning of a text that is too wide. */
export function fit(text: string, width: number): string {
  return length(text) <= width ? text : `${taken(text, width - 1)}…`;
}

/** The end of one: of a place the file's name and its lines tell more than the folders before them. */
export function fitEnd(text: string, width: number): string {
  return length(text) <= width ? text : `…${[...taken([...text].reverse().join(''), width - 1)].reverse().join('')}`;
}

function taken(text: string, width: number): string {
  let kept = '';
  let columns = 0;
  for (const char of text) {
    columns += columnsOf(char);
    if (columns > width) break;
    kept += char;
  }
  return kept;
}

/** A text that fits, with blanks to its right. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - length(text)));
}
