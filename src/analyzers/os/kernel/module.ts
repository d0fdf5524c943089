import zlib, { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { readElf } from '../../executable/elf.js';
import { wholeFile } from '../../executable/source.js';
import { FormatError } from '../../packageFile/read.js';

/** Fields of a module's `.modinfo` that are kept; the empty string where it does not say. */
export interface ModuleFact {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly author: string;
  readonly description: string;
  readonly sourceVersion: string;
  /** The kernel that it was built for. */
  readonly kernelVersion: string;
  readonly architecture: string;
}

/** The largest modules (graphics drivers) have some 60 MB. */
export const LARGEST_MODULE = 128 * 1024 * 1024;
/** Longest section that is read: parameters with their descriptions have some 20 kB. */
const LONGEST_MODINFO = 1024 * 1024;
const LONGEST_VALUE = 500;
/** fzstd hands over all that a piece expands to at once: 1 kB makes at most 32 MB. */
const ZSTD_PIECE = 1024;

/**
 * What a module says of itself: `NAME=VALUE` strings in the section `.modinfo`. FormatError where it is no module.
 * Source: Linux, include/linux/module.h and modinfo(8).
 */
export function readModule(bytes: Buffer): ModuleFact {
  const source = wholeFile(bytes);
  const { sections, architecture } = readElf(source, { sections: true });
  const section = sections.find(({ name }) => name === '.modinfo');
  if (section === undefined) throw new FormatError('is an ELF file without .modinfo');
  const fields = new Map<string, string>();
  for (const field of source.read(section.offset, Math.min(section.size, LONGEST_MODINFO)).toString('utf8').split('\0')) {
    const equals = field.indexOf('=');
    const name = field.slice(0, equals);
    if (equals > 0 && !fields.has(name)) fields.set(name, field.slice(equals + 1, equals + 1 + LONGEST_VALUE));
  }
  const said = (name: string): string => fields.get(name) ?? '';
  return {
    name: said('name'), version: said('version'), license: said('license'), author: said('author'), description: said('description'),
    sourceVersion: said('srcversion'), kernelVersion: said('vermagic').split(' ', 1)[0] ?? '', architecture,
  };
}

/** The module in a `.ko`, `.ko.gz` or `.ko.zst`; undefined for a kind of compression that is not read (`.xz`). */
export function unpackedModule(path: string, bytes: Buffer): Buffer | undefined {
  if (path.endsWith('.ko')) return bytes;
  if (path.endsWith('.gz')) return gunzipped(bytes);
  return path.endsWith('.zst') ? unzstd(bytes) : undefined;
}

function gunzipped(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_MODULE });
  } catch {
    throw new FormatError('cannot be unpacked as gzip');
  }
}

/** By node's own decoder where it has one (22.15 and later), else fzstd. */
function unzstd(bytes: Buffer): Buffer {
  if (!('zstdDecompressSync' in zlib)) return withFzstd(bytes);
  try {
    return zlib.zstdDecompressSync(bytes, { maxOutputLength: LARGEST_MODULE });
  } catch (error) {
    const large = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw new FormatError(large ? `has more than ${LARGEST_MODULE} bytes when it is unpacked` : 'cannot be unpacked as zstd');
  }
}

function withFzstd(bytes: Buffer): Buffer {
  const parts: Uint8Array[] = [];
  let total = 0;
  const stream = new Decompress((part) => {
    total += part.length;
    parts.push(part);
  });
  try {
    for (let at = 0; at < bytes.length; at += ZSTD_PIECE) {
      stream.push(bytes.subarray(at, at + ZSTD_PIECE), at + ZSTD_PIECE >= bytes.length);
      if (total > LARGEST_MODULE) break;
    }
  } catch {
    throw new FormatError('cannot be unpacked as zstd');
  }
  if (total > LARGEST_MODULE) throw new FormatError(`has more than ${LARGEST_MODULE} bytes when it is unpacked`);
  return Buffer.concat(parts);
}
