import { parseHistory } from '../dockerfile/history.js';
import type { DockerfileLines, Finding } from '../evaluation/evaluation.js';

/** Hides secrets in a text of an image; analyzers/secrets/mask.ts has the real one. */
export type Mask = (text: string) => string;

/** Longest text of an image that a report shows in one place. */
const MAX_TEXT = 600;

export function shorten(text: string, most = MAX_TEXT): string {
  if (text.length <= most) return text;
  // No half of a surrogate pair at the cut.
  return text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '') + '…';
}

/** The version to go to, as the advisory says: the first mends it on the installed branch. */
export function fixOf({ vulnerability, remediation }: Finding): string {
  if (vulnerability === undefined) return remediation ?? '';
  const [first, ...others] = vulnerability.fixedIn;
  if (first === undefined) return 'No version mends it yet.';
  const rest = others.length === 0 ? '' : ` (or ${others.slice(0, 4).join(', ')})`;
  return `Upgrade ${vulnerability.package.name} to ${first}${rest}.`;
}

/** `Dockerfile:12` or `Dockerfile:12-14`. */
export function linesOf({ file, startLine, endLine }: DockerfileLines): string {
  return startLine === endLine ? `${file}:${startLine}` : `${file}:${startLine}-${endLine}`;
}

/** What the gate itself says of a secret: words that look like the name of one. */
const SAYS_SECRET = /^(?:Secret (?:content )?search analyzer (?:found|did not find) regexp match in container: )?/;

/** A finding's message without secrets. */
export function messageOf({ message }: Finding, mask: Mask): string {
  const head = SAYS_SECRET.exec(message)?.[0] ?? '';
  return head + mask(message.slice(head.length));
}

/** What the classic builder writes for the files that it copied: nobody reads all of it. */
const CHECKSUM = /\b((?:file|dir|multi):[0-9a-f]{8})[0-9a-f]{56}\b/g;

/** An instruction of history as a Dockerfile would have it, on one line and without secrets. */
export function instructionOf(createdBy: string, mask: Mask, most = 160): string {
  const { keyword, args } = parseHistory(createdBy);
  return shorten(mask(`${keyword} ${args}`.replace(/\s+/g, ' ').trim().replace(CHECKSUM, '$1…')), most);
}

/** Bytes as people read them, with the factor 1000 of image registries: `12.3 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${Math.round(value)} B` : `${value.toFixed(1)} ${units[unit]}`;
}

/** `1,234,567`. By hand, since the tables of all the world's languages take ten milliseconds to load. */
export function thousands(whole: number): string {
  return String(whole).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 finding`, `2 findings`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${thousands(number)} ${number === 1 ? one : many}`;
}
