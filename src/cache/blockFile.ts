import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, rmSync, statSync, utimesSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writePieces } from './pieces.js';

/** Bytes by name. */
export interface Blocks {
  readonly names: readonly string[];
  /** A block's bytes; empty where there is none. @throws BrokenBlock where they are not what was written */
  get(name: string): Buffer;
}

/** Blocks of a file, which stays open. */
export interface BlockFile extends Blocks {
  close(): void;
  /** Removes what turned out not to be whole. */
  discard(): void;
}

/** Bytes on the disk that are not those that were written; whoever asked does without the file. */
export class BrokenBlock extends Error {}

/** A block that is to be written: whole, or in pieces. */
export type WrittenBlock = Buffer | readonly Buffer[];

interface Header {
  /** In the order in which they stand; `sha256` in hex. */
  readonly blocks: readonly (readonly [name: string, length: number, sha256: string])[];
}

/** sha256 of the header, and its length. */
const PREFIX_BYTES = 36;
/** Some hundred blocks have a header of 10 kB; one that claims more is not ours. */
const LARGEST_HEADER = 4 * 1024 * 1024;

/**
 * Writes named blocks as one file, whole or not at all; gives its size in bytes. Each is sealed by itself, so that one can be read without the others,
 * and none is compressed: they are copied into reports, and unzipping would cost more than all the rest. A cache that cannot be written is no error.
 */
export async function writeBlocks(path: string, blocks: ReadonlyMap<string, WrittenBlock>): Promise<number> {
  const written = [...blocks].map(([name, block]) => [name, piecesOf(block)] as const);
  const header: Header = { blocks: written.map(([name, pieces]) => [name, bytesIn(pieces), sha256(pieces).toString('hex')]) };
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.concat([sha256(json), Buffer.alloc(4)]);
  prefix.writeUInt32LE(json.length, PREFIX_BYTES - 4);
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const bytes = await writePieces(partial, [prefix, json, ...written.flatMap(([, pieces]) => pieces)], 'wx');
    await rename(partial, path);
    return bytes;
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
    return 0;
  }
}

/** Opens such a file; undefined where there is none, or its header is not whole. */
export function openBlocks(path: string): BlockFile | undefined {
  let file: number | undefined;
  try {
    // a pipe would be waited for
    if (!statSync(path).isFile()) return undefined;
    file = openSync(path, 'r');
    const blocks = readHeader(file);
    touch(path);
    return new OpenBlocks(path, file, blocks);
  } catch {
    if (file !== undefined) closeSync(file);
    return undefined;
  }
}

/** The last use is what the bound on the folder's size goes by; a folder that can only be read is of use all the same. */
function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // it goes earlier than it should
  }
}

interface Place {
  readonly start: number;
  readonly length: number;
  readonly sha256: string;
}

function readHeader(file: number): Map<string, Place> {
  const prefix = readAt(file, 0, PREFIX_BYTES);
  const length = prefix.readUInt32LE(PREFIX_BYTES - 4);
  if (length > LARGEST_HEADER) throw new BrokenBlock('The header is too long');
  const json = readAt(file, PREFIX_BYTES, length);
  if (!sha256(json).equals(prefix.subarray(0, 32))) throw new BrokenBlock('The header is not whole');
  const { blocks } = JSON.parse(json.toString('utf8')) as Header;
  const places = new Map<string, Place>();
  let start = PREFIX_BYTES + length;
  for (const [name, size, seal] of blocks) {
    if (!Number.isSafeInteger(size) || size < 0) throw new BrokenBlock('A block has no length');
    places.set(name, { start, length: size, sha256: seal });
    start += size;
  }
  if (start !== fstatSync(file).size) throw new BrokenBlock('The file has another length');
  return places;
}

class OpenBlocks implements BlockFile {
  private readonly path: string;
  private readonly file: number;
  private readonly places: ReadonlyMap<string, Place>;
  private readonly read = new Map<string, Buffer>();

  constructor(path: string, file: number, places: ReadonlyMap<string, Place>) {
    this.path = path;
    this.file = file;
    this.places = places;
  }

  get names(): string[] {
    return [...this.places.keys()];
  }

  get(name: string): Buffer {
    const known = this.read.get(name);
    const place = this.places.get(name);
    if (known !== undefined || place === undefined) return known ?? NOTHING;
    const bytes = readAt(this.file, place.start, place.length);
    if (sha256(bytes).toString('hex') !== place.sha256) throw new BrokenBlock(`The block ${name} is not whole`);
    this.read.set(name, bytes);
    return bytes;
  }

  close(): void {
    closeSync(this.file);
  }

  discard(): void {
    rmSync(this.path, { force: true });
  }
}

const NOTHING = Buffer.alloc(0);

function readAt(file: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, bytes, filled, length - filled, start + filled);
    if (count === 0) throw new BrokenBlock('The file is cut');
    filled += count;
  }
  return bytes;
}

export function bytesIn(block: WrittenBlock): number {
  return piecesOf(block).reduce((sum, { length }) => sum + length, 0);
}

function piecesOf(block: WrittenBlock): readonly Buffer[] {
  return Buffer.isBuffer(block) ? [block] : block;
}

function sha256(block: WrittenBlock): Buffer {
  const hash = createHash('sha256');
  for (const piece of piecesOf(block)) hash.update(piece);
  return hash.digest();
}
