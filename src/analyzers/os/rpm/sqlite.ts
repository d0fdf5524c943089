import { ContainerError, Pages, type Broken } from './container.js';

/**
 * rpm's newest database (`rpmdb.sqlite`, Fedora 33, RHEL 9): a table `Packages` of package number → header.
 * One table is walked from its root to its rows, so no engine is needed: nothing of what a file can ask of one (triggers, views,
 * virtual tables) is there, and a broken page costs its own rows only.
 * Source: https://www.sqlite.org/fileformat2.html
 */
const MAGIC = 'SQLite format 3\0';
const FILE_HEADER = 100;
const INTERIOR = 0x05;
const LEAF = 0x0d;
const TABLE = 'Packages';

/** By its first sixteen bytes; shorter than its header, it is none. */
export function isSqlite(bytes: Buffer): boolean {
  return bytes.length >= FILE_HEADER && bytes.toString('latin1', 0, MAGIC.length) === MAGIC;
}

/** Headers of an SQLite database, one after the other; what could not be read is told and left out. */
export function* sqliteHeaders(bytes: Buffer, broken: Broken): Generator<Buffer> {
  const said = bytes.readUInt16BE(16);
  const pageSize = said === 1 ? 65536 : said;
  const usable = pageSize - (bytes[20] ?? 0);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480) throw new ContainerError(`says that its pages have ${pageSize} bytes`);
  const tree = new Tables(new Pages(bytes, pageSize), usable, broken);
  let root = 0;
  for (const row of tree.rows(1)) {
    const [type, name, , rootPage] = row;
    if (type?.toString() === 'table' && name?.toString() === TABLE) root = rootPage === undefined || rootPage.length > 6 || rootPage.length === 0 ? 0 : rootPage.readUIntBE(0, rootPage.length);
  }
  if (root === 0) throw new ContainerError(`has no table ${TABLE}`);
  for (const row of tree.rows(root)) {
    // the package's number is the row's own, so its column is empty and the header the only value
    const header = row.find((value) => value !== undefined && value.length > 8);
    if (header === undefined) broken('has a row without a header');
    else yield header;
  }
}

/** Values that are bytes, text or whole numbers, as the bytes that stand there; undefined for NULL and the constants 0 and 1. */
type Row = readonly (Buffer | undefined)[];

/** Walks tables. Pages are counted from 1, as SQLite does. */
class Tables {
  readonly #pages: Pages;
  readonly #usable: number;
  readonly #broken: Broken;

  constructor(pages: Pages, usable: number, broken: Broken) {
    this.#pages = pages;
    this.#usable = usable;
    this.#broken = broken;
  }

  /** Rows of the table whose tree has this root, in their order. */
  * rows(root: number): Generator<Row> {
    const ahead = [root];
    for (let page = ahead.pop(); page !== undefined; page = ahead.pop()) {
      try {
        yield* this.#visit(page, ahead);
      } catch (error) {
        if (!(error instanceof ContainerError)) throw error;
        this.#broken(error.message);
      }
    }
  }

  * #visit(number: number, ahead: number[]): Generator<Row> {
    const page = this.#pages.take(number - 1);
    const start = number === 1 ? FILE_HEADER : 0;
    const count = page.readUInt16BE(start + 3);
    if (page[start] === INTERIOR) {
      const children = cells(page, start + 12, count).map((cell) => u32(page, cell));
      ahead.push(page.readUInt32BE(start + 8), ...children.reverse());
    } else if (page[start] === LEAF) {
      for (const cell of cells(page, start + 8, count)) {
        const row = this.#row(page, cell);
        if (row !== undefined) yield row;
      }
    } else {
      throw new ContainerError(`has a page ${number} that is none of a table's`);
    }
  }

  /** A cell's values, its overflow pages put together; undefined where it is broken, which is told. */
  #row(page: Buffer, cell: number): Row | undefined {
    try {
      const [length, afterLength] = varint(page, cell);
      const [, start] = varint(page, afterLength);
      const local = this.#localBytes(length);
      if (start + local > this.#usable) throw new ContainerError('has a row that is longer than its page');
      const here = page.subarray(start, start + local);
      return rowOf(local === length ? here : Buffer.concat([here, ...this.#overflow(u32(page, start + local), length - local)]));
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      this.#broken(error.message);
      return undefined;
    }
  }

  /** How much of a record stands in its page: file format, "Cell Payload Overflow Pages". */
  #localBytes(length: number): number {
    const most = this.#usable - 35;
    if (length <= most) return length;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const fitting = least + ((length - least) % (this.#usable - 4));
    return fitting <= most ? fitting : least;
  }

  #overflow(first: number, length: number): Buffer[] {
    const parts: Buffer[] = [];
    let left = length;
    for (let number = first; left > 0;) {
      const page = this.#pages.take(number - 1);
      const part = page.subarray(4, 4 + Math.min(left, this.#usable - 4));
      parts.push(part);
      left -= part.length;
      number = page.readUInt32BE(0);
    }
    return parts;
  }
}

const OUTSIDE = 'has a row that lies outside of its page';

function u32(page: Buffer, at: number): number {
  if (at + 4 > page.length) throw new ContainerError(OUTSIDE);
  return page.readUInt32BE(at);
}

/** Where the cells of a page are. */
function cells(page: Buffer, array: number, count: number): number[] {
  if (array + 2 * count > page.length) throw new ContainerError(`has a page that says that it has ${count} rows`);
  return Array.from({ length: count }, (_, index) => page.readUInt16BE(array + 2 * index));
}

function rowOf(record: Buffer): Row {
  const [headerEnd, first] = record.length === 0 ? [0, 0] : varint(record, 0);
  const values: (Buffer | undefined)[] = [];
  let at = headerEnd;
  for (let header = first; header < headerEnd && header < record.length;) {
    const [serial, next] = varint(record, header);
    const length = lengthOf(serial);
    if (at + length > record.length) break;
    values.push(length === 0 ? undefined : record.subarray(at, at + length));
    at += length;
    header = next;
  }
  return values;
}

/** Serial types 1 to 6 are whole numbers, 7 a float, from 12 on bytes (even) and text (odd). */
function lengthOf(serial: number): number {
  if (serial >= 12) return Math.floor((serial - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8][serial] ?? 0;
}

/** SQLite's big-endian varint of at most nine bytes: the value, and where it ends. A value beyond 2⁵³ is no length of a file that we read. */
function varint(bytes: Buffer, at: number): [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw new ContainerError(OUTSIDE);
    value = index === 8 ? value * 256 + byte : value * 128 + (byte & 0x7f);
    if (index === 8 || byte < 0x80) return [value, at + index + 1];
  }
  return [value, at + 9];
}
