import type { ZipEntry } from './directory.js';

/** Entries that share bytes with another, by name: no tool writes such an archive, but bombs are made of them (Fifield, 2019). */
export function overlappingEntries(entries: readonly ZipEntry[]): ReadonlySet<ZipEntry> {
  const byPlace = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
  const overlapping = new Set<ZipEntry>();
  let last: ZipEntry | undefined;
  for (const entry of byPlace) {
    if (last !== undefined && entry.headerOffset < last.headerOffset + last.compressedSize) {
      overlapping.add(entry).add(last);
    }
    if (last === undefined || entry.headerOffset + entry.compressedSize > last.headerOffset + last.compressedSize) last = entry;
  }
  return overlapping;
}
