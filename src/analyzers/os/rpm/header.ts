import { textOf } from '../paths.js';

/**
 * The header of an installed package, as every database of rpm holds it: an index of tags over a store of values, big-endian.
 *
 *     u32 entries · u32 bytes of store · entries × { u32 tag, u32 type, u32 offset in store, u32 count } · store
 *
 * Source: https://rpm-software-management.github.io/rpm/manual/format_header.html and rpm's lib/header.c.
 */

/** A header that says what it cannot hold. */
export class HeaderError extends Error {}

/** Tags that are read, by their number in rpm's lib/rpmtag.h. */
export const TAG = {
  name: 1000, version: 1001, release: 1002, epoch: 1003, summary: 1004, size: 1009, vendor: 1011, license: 1014, url: 1020, arch: 1022,
  oldFileNames: 1027, fileSizes: 1028, fileModes: 1030, fileDigests: 1035, fileFlags: 1037, fileUserNames: 1039, fileGroupNames: 1040,
  sourceRpm: 1044, provideNames: 1047, requireNames: 1049, dirIndexes: 1116, baseNames: 1117, dirNames: 1118,
  longFileSizes: 5008, longSize: 5009, fileDigestAlgo: 5011, modularityLabel: 5096,
} as const;

type Tag = (typeof TAG)[keyof typeof TAG];

const TYPE = { char: 1, int8: 2, int16: 3, int32: 4, int64: 5, string: 6, binary: 7, stringArray: 8, i18nString: 9 } as const;

/** rpm's own bounds (lib/header.c): 65,535 tags, 256 MB of values. */
const MOST_ENTRIES = 0xffff;
const LARGEST_STORE = 256 * 1024 * 1024;
const ENTRY_BYTES = 16;
const LEAD_BYTES = 8;

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** A header, with its values read when they are asked for. */
export interface Header {
  /** The string, or the first of several; the empty string where there is none. */
  string(tag: Tag): string;
  strings(tag: Tag): string[];
  numbers(tag: Tag): number[];
  /** The first number, or null. */
  number(tag: Tag): number | null;
}

const WANTED: ReadonlySet<number> = new Set(Object.values(TAG));

/** Reads the index. Throws HeaderError where it is not one. The first entry of a tag counts, as in rpm. */
export function readHeader(bytes: Buffer): Header {
  if (bytes.length < LEAD_BYTES) throw new HeaderError(`${bytes.length} bytes are no header`);
  const count = bytes.readUInt32BE(0);
  const storeBytes = bytes.readUInt32BE(4);
  const storeStart = LEAD_BYTES + count * ENTRY_BYTES;
  if (count === 0 || count > MOST_ENTRIES || storeBytes > LARGEST_STORE || storeStart + storeBytes > bytes.length) {
    throw new HeaderError(`a header of ${bytes.length} bytes says that it has ${count} tags and ${storeBytes} bytes of values`);
  }
  const entries = new Map<number, Entry>();
  for (let at = LEAD_BYTES; at < storeStart; at += ENTRY_BYTES) {
    const tag = bytes.readUInt32BE(at);
    if (!WANTED.has(tag) || entries.has(tag)) continue;
    entries.set(tag, { type: bytes.readUInt32BE(at + 4), offset: bytes.readUInt32BE(at + 8), count: bytes.readUInt32BE(at + 12) });
  }
  return new StoredHeader(entries, bytes.subarray(storeStart, storeStart + storeBytes));
}

class StoredHeader implements Header {
  readonly #entries: ReadonlyMap<number, Entry>;
  readonly #store: Buffer;

  constructor(entries: ReadonlyMap<number, Entry>, store: Buffer) {
    this.#entries = entries;
    this.#store = store;
  }

  string(tag: Tag): string {
    return this.#strings(tag, 1)[0] ?? '';
  }

  strings(tag: Tag): string[] {
    return this.#strings(tag, Infinity);
  }

  #strings(tag: Tag, most: number): string[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return [];
    const isArray = entry.type === TYPE.stringArray || entry.type === TYPE.i18nString;
    if (!isArray && entry.type !== TYPE.string) return [];
    const found: string[] = [];
    let at = entry.offset;
    for (let left = Math.min(isArray ? entry.count : 1, most); left > 0; left--) {
      // every string takes at least its NUL, so a lying count ends with the store
      const end = at < this.#store.length ? this.#store.indexOf(0, at) : -1;
      if (end === -1) throw new HeaderError(`tag ${tag} says that it has ${entry.count} strings and holds ${found.length}`);
      found.push(textOf(this.#store.subarray(at, end)));
      at = end + 1;
    }
    return found;
  }

  numbers(tag: Tag): number[] {
    const entry = this.#entries.get(tag);
    const width = entry === undefined ? 0 : (WIDTHS[entry.type] ?? 0);
    if (entry === undefined || width === 0) return [];
    if (entry.offset + entry.count * width > this.#store.length) throw new HeaderError(`tag ${tag} says that it has ${entry.count} numbers and its values end before`);
    return Array.from({ length: entry.count }, (_, index) => this.#number(entry.offset + index * width, width));
  }

  number(tag: Tag): number | null {
    return this.numbers(tag)[0] ?? null;
  }

  #number(at: number, width: number): number {
    return width === 8 ? Number(this.#store.readBigUInt64BE(at)) : this.#store.readUIntBE(at, width);
  }
}

const WIDTHS: Readonly<Record<number, number>> = { [TYPE.char]: 1, [TYPE.int8]: 1, [TYPE.int16]: 2, [TYPE.int32]: 4, [TYPE.int64]: 8 };
