import * as z from 'zod';

/**
 * An index of one export: everything that matching needs of it, found by name with one read, so that opening costs no more than
 * reading its table.
 *
 *   magic · records and entries · table · header · footer
 *
 * record   JSON of an `AdvisoryRecord`; its place is known to statements and names
 * entry    u16 length of the key, key, and of a package the dense statements about it (`dense.ts`), of a name the JSON of `[[offset, length] of its records]`
 * table    by hash of the key: count × u32 hash, count × u32 offset of its entry, count × u32 length of it; a key may have several entries
 * footer   u32 offset of the table, u32 its count, u32 length of the header, u32 CRC-32 of table and header, magic
 *
 * All numbers are little-endian; offsets are from the start of the file, so an index has less than 4 GiB.
 */
export const MAGIC = Buffer.from('ISADVIX1', 'latin1');
export const FOOTER_BYTES = 24;
export const TABLE_ROW_BYTES = 12;

/** Raised when what an index holds changes: older ones are then built anew. */
export const INDEX_VERSION = 5;

/** Where a record stands: offset and length in bytes. */
export type Place = readonly [offset: number, length: number];

export const indexHeader = z.object({
  version: z.literal(INDEX_VERSION),
  /** Records in the export that were not withdrawn. */
  records: z.number().int(),
  /** Newest date in it, RFC 3339, or null. */
  newest: z.string().nullable(),
  /** By canonical ecosystem. */
  ecosystems: z.record(z.string(), z.object({ records: z.number().int(), newest: z.string().nullable() })),
  /** Files that hold no record, with the reason. */
  unreadable: z.object({ count: z.number().int(), examples: z.array(z.string()) }),
});

export type IndexHeader = z.infer<typeof indexHeader>;

/** Names of records have keys of their own. */
export function nameKey(id: string): string {
  return `@${id}`;
}

/** FNV-1a over UTF-16 code units: cheap, and keys that collide are told apart by their text. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
