import { linesOf } from '../../text/lines.js';

/** A requirement that names one version. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
}

/**
 * The pinned ones of a requirements file: `name==1.2.3`, with extras, markers, hashes and comments behind it; anything looser
 * (`>=`, `==1.*`, a URL, `-r other.txt`) says no version and is passed over.
 * Source: pip documentation, "Requirements File Format".
 */
export function readRequirements(text: string): Pinned[] {
  const pinned: Pinned[] = [];
  for (const line of linesOf(text)) {
    const [, name = '', version = ''] = /^\s{0,50}([A-Za-z0-9][\w.-]{0,200})\s{0,20}(?:\[[^\]]{0,500}\])?\s{0,20}={2,3}\s{0,20}([A-Za-z0-9][\w.!+-]{0,100})\s{0,20}(?:[;#\\]|--|$)/.exec(line.slice(0, LONGEST_LINE)) ?? [];
    if (name !== '') pinned.push({ name, version });
  }
  return pinned;
}

/** Characters of a line that are looked at: what is pinned stands first. */
const LONGEST_LINE = 2_000;
