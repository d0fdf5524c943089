import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { ImageError, InputError } from '../errors.js';
import { cleanPath, splitPath } from '../text/path.js';
import { fileRange, fill, type ByteSource } from './bytes.js';
import { MAX_JSON_BYTES, tooLarge } from './json.js';
import type { Documents } from './layout.js';
import type { LayerEntry } from './layer.js';
import { TarReader } from './tar.js';

/** An archive that can be read at any place: only what is wanted of it is read. */
export interface IndexedArchive extends Documents {
  /** Bytes of a member as it stands. */
  size(name: string): number;
  open(name: string): Promise<ByteSource>;
  close(): Promise<void>;
}

/** Where a member's bytes stand in the file. */
interface Member {
  readonly offset: number;
  readonly size: number;
  /** Clean name of the member that it is a link to. */
  readonly link?: string;
}

/** Read at once while the index is made: the members that matter are few and mostly small. */
const INDEX_CHUNK = 64 * 1024;
/** Images have at most some hundred members. */
const MAX_MEMBERS = 100_000;

/** An uncompressed archive file, which is closed with the archive, or when it is none. */
export async function tarArchive(file: FileHandle, size: number): Promise<IndexedArchive> {
  const members = await indexTar(file, size).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  const resolve = (name: string): Member | undefined => follow(members, name);
  const found = (name: string): Member => {
    const member = resolve(name);
    if (!member) throw new ImageError(`The archive does not hold ${name}, which it speaks of. Save the image again.`);
    return member;
  };
  const source = (name: string): ByteSource => {
    const { offset, size: length } = found(name);
    return fileRange(file, offset, length);
  };
  return {
    has: (name) => resolve(name) !== undefined,
    size: (name) => found(name).size,
    open: async (name) => source(name),
    read: async (name) => readDocument(source(name), found(name).size, name),
    close: () => file.close(),
  };
}

/** A directory in OCI image layout (or what `docker save` writes, unpacked). */
export async function directoryArchive(directory: string): Promise<IndexedArchive> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (sizes.size > MAX_MEMBERS) throw new InputError(`${directory} holds more than ${MAX_MEMBERS} files, so it is no image layout. Give the directory that holds index.json.`);
    const full = path.join(entry.parentPath, entry.name);
    const info = await stat(full).catch(() => undefined);
    if (info?.isFile()) sizes.set(path.relative(directory, full).split(path.sep).join('/'), info.size);
  }
  const size = (name: string): number => {
    const bytes = sizes.get(name);
    if (bytes === undefined) throw new ImageError(`${directory} does not hold ${name}, which it speaks of. Save the image again.`);
    return bytes;
  };
  const files: FileHandle[] = [];
  const openMember = async (name: string): Promise<ByteSource> => {
    const length = size(name);
    const file = await open(path.join(directory, name));
    files.push(file);
    return fileRange(file, 0, length);
  };
  return {
    has: (name) => sizes.has(name),
    size,
    open: openMember,
    read: async (name) => readDocument(await openMember(name), size(name), name),
    close: async () => { await Promise.all(files.map((file) => file.close())); },
  };
}

async function readDocument(source: ByteSource, size: number, name: string): Promise<Buffer> {
  if (size > MAX_JSON_BYTES) throw tooLarge(name, size);
  const bytes = Buffer.alloc(size);
  if ((await fill(source, bytes)) < size) throw new ImageError(`The archive ends within ${name}. Save the image again.`);
  return bytes;
}

/** Follows links among members: Docker before 25 wrote a repeated layer as one (`../HASH/layer.tar`). */
export function follow<T extends { readonly link?: string | undefined }>(members: ReadonlyMap<string, T>, name: string): T | undefined {
  let member = members.get(name);
  for (let links = 0; member?.link !== undefined; links++) {
    if (links > 8) return undefined;
    member = members.get(member.link);
  }
  return member;
}

/** Clean name that a link entry of an archive leads to; undefined for other entries. */
export function linkOf(entry: LayerEntry): string | undefined {
  if (entry.type === 'hardlink') return entry.linkname;
  if (entry.type !== 'symlink' || entry.linkname === undefined) return undefined;
  return cleanPath(entry.linkname.startsWith('/') ? entry.linkname : `${splitPath(entry.path)[0]}/${entry.linkname}`);
}

/** Finds where each member stands, leaping over their content. */
async function indexTar(file: FileHandle, size: number): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  const buffer = Buffer.allocUnsafeSlow(INDEX_CHUNK);
  let at = 0;
  while (at < size) {
    const reader = new TarReader('The archive', {
      entry(entry, offset) {
        if (members.size >= MAX_MEMBERS) throw new ImageError(`The archive has more than ${MAX_MEMBERS} members, so it is no image's. Give a \`docker save\` or OCI archive.`);
        const link = linkOf(entry);
        if (entry.type === 'file') members.set(entry.path, { offset, size: entry.size });
        else if (link !== undefined) members.set(entry.path, { offset, size: 0, link });
      },
      data: () => undefined,
      entryEnd: () => undefined,
    }, at);
    let fed = at;
    // Within the chunk, or just behind it, reading on is cheaper than leaping.
    while (fed < size && reader.position <= fed + INDEX_CHUNK && !reader.complete) {
      const { bytesRead } = await file.read(buffer, 0, INDEX_CHUNK, fed);
      if (bytesRead === 0) break;
      fed += bytesRead;
      const chunk = Buffer.from(buffer.subarray(0, bytesRead));
      await reader.write(chunk);
    }
    const done = reader.complete || fed >= size;
    if (done && reader.position > size) throw new ImageError('The archive is cut: it ends within its last member. Save the image again.');
    reader.destroy();
    if (done) break;
    at = reader.position;
    if (at > size) throw new ImageError('The archive is cut: it ends within its last member. Save the image again.');
  }
  return members;
}
