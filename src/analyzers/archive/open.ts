import { UnpackBudget } from './budget.js';
import { readEntryBytes } from './content.js';
import { readZip, type ZipEntry } from './directory.js';
import { Fault } from './fault.js';
import { overlappingEntries } from './overlap.js';

/** A zip archive, open for reading. */
export interface OpenArchive {
  readonly entries: readonly ZipEntry[];
  /** The content of one of its entries, at most `limit` bytes. */
  read(entry: ZipEntry, limit: number): Buffer | Fault;
  /** What archives within it share with it. */
  readonly budget: UnpackBudget;
}

/** Opens a zip archive that lies in memory; one within another shares the outer one's budget. */
export function openZip(bytes: Buffer, budget: UnpackBudget = new UnpackBudget(bytes.length)): OpenArchive | Fault {
  const archive = readZip(bytes);
  if (archive instanceof Fault) return archive;
  const overlapping = overlappingEntries(archive.entries);
  return {
    entries: archive.entries,
    budget,
    read: (entry, limit) => (overlapping.has(entry) ? new Fault('shares its bytes with another entry') : readEntryBytes(archive, entry, limit, budget)),
  };
}
