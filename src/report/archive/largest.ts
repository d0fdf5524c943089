import type { ParsedReport } from '../parse.js';

/** How many analyzers are named. */
const NAMED = 3;

/** What makes a report large, and what to leave out; for messages. */
export function tellLargest({ document: [{ image: { imagedata: { analysis_report: sections } } }] }: ParsedReport): string {
  const sizes = Object.entries(sections)
    .map(([name, outputs]) => ({ name, size: Object.values(outputs).reduce((sum, { base }) => sum + sizeOf(base), 0) }))
    .sort((left, right) => right.size - left.size)
    .slice(0, NAMED);
  const told = sizes.map(({ name, size }) => `${name} ${(size / 1e6).toFixed(1)} MB`).join(', ');
  return `Its largest sections are ${told}, before compression: leave analyzers out, with analyzers: -file-list,-checksums.`;
}

function sizeOf(base: Readonly<Record<string, string>>): number {
  return Object.entries(base).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
}
