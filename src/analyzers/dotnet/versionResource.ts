import { FormatError } from '../packageFile/read.js';
import { Numbers } from '../executable/numbers.js';
import { CLR_DIRECTORY, readPe, RESOURCE_DIRECTORY, type PeFile } from '../executable/pe.js';
import type { ByteSource } from '../executable/source.js';

/**
 * The version resource of a PE file: a tree of directories (type, name, language) that ends in a block of named strings.
 * Sources: Microsoft, "PE Format", ".rsrc section"; "VS_VERSIONINFO", "StringFileInfo".
 */
const RT_VERSION = 16;
/** Version resources have 1 kB. */
const LARGEST_RESOURCE = 64 * 1024;
/** Entries of one directory; a program has some hundred. */
const MOST_ENTRIES = 4096;
/** VS_VERSIONINFO holds StringFileInfo holds StringTable holds strings. */
const DEEPEST = 6;

/** Whether the file is a .NET assembly: it has a CLR header. */
function isAssembly(pe: PeFile): boolean {
  return (pe.directories[CLR_DIRECTORY]?.rva ?? 0) !== 0;
}

/** The strings of a .NET assembly's version resource (`ProductVersion`, `CompanyName` …); undefined for any other PE file. */
export function assemblyStrings(source: ByteSource): ReadonlyMap<string, string> | undefined {
  const pe = readPe(source);
  if (!isAssembly(pe)) return undefined;
  const resources = pe.directories[RESOURCE_DIRECTORY];
  if (resources === undefined || resources.rva === 0) return new Map();
  const base = offsetOf(pe, resources.rva);
  const data = leafOf(source, base);
  if (data === undefined) return new Map();
  if (data.size > LARGEST_RESOURCE) throw new FormatError(`has a version resource of ${data.size} bytes`);
  const strings = new Map<string, string>();
  readBlock(source.read(offsetOf(pe, data.rva), data.size), 0, strings);
  return strings;
}

function offsetOf(pe: PeFile, rva: number): number {
  const address = pe.imageBase + rva;
  const section = pe.executable.sections.find((candidate) => address >= candidate.address && address < candidate.address + candidate.size);
  if (section === undefined) throw new FormatError('has a resource outside of its sections');
  return section.offset + address - section.address;
}

/** The first version resource, in whatever language: two directories down from the type. */
function leafOf(source: ByteSource, base: number): { readonly rva: number; readonly size: number } | undefined {
  let at = entryOf(source, base, base, RT_VERSION);
  for (let level = 1; level < 3; level += 1) {
    if (at === undefined || (at & 0x80000000) === 0) return undefined;
    at = entryOf(source, base, base + (at & 0x7fffffff), undefined);
  }
  if (at === undefined || (at & 0x80000000) !== 0) return undefined;
  const leaf = new Numbers(source.read(base + at, 16), false);
  return { rva: leaf.u32(0), size: leaf.u32(4) };
}

/** What a directory's entry with this id (or its first) points to; the high bit says that it is a directory. */
function entryOf(source: ByteSource, base: number, at: number, id: number | undefined): number | undefined {
  if (at < base) throw new FormatError('has resources that point backwards');
  const header = new Numbers(source.read(at, 16), false);
  const count = header.u16(12) + header.u16(14);
  if (count > MOST_ENTRIES) throw new FormatError(`has ${count} resources in one directory`);
  const entries = new Numbers(source.read(at + 16, count * 8), false);
  for (let index = 0; index < count; index += 1) {
    if (id === undefined || entries.u32(index * 8) === id) return entries.u32(index * 8 + 4);
  }
  return undefined;
}

/** A block: length, length of its value, whether that is text, its name, the value, then blocks within it; each on a multiple of four. */
function readBlock(block: Buffer, depth: number, strings: Map<string, string>): void {
  const numbers = new Numbers(block, false);
  const valueLength = numbers.u16(2);
  const isText = numbers.u16(4) === 1;
  const name = textAt(block, 6);
  const value = aligned(6 + (name.length + 1) * 2);
  // A text's length is counted in characters, by some tools in bytes: the terminating NUL decides.
  if (depth === 3 && isText && valueLength > 0) strings.set(name, textAt(block, value).trim());
  let at = aligned(value + (isText ? valueLength * 2 : valueLength));
  while (depth < DEEPEST && at + 6 <= block.length && depth < 3) {
    const length = numbers.u16(at);
    if (length < 6) return;
    readBlock(block.subarray(at, Math.min(block.length, at + length)), depth + 1, strings);
    at = aligned(at + length);
  }
}

function textAt(block: Buffer, at: number): string {
  const text = block.toString('utf16le', Math.min(at, block.length));
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function aligned(offset: number): number {
  return (offset + 3) & ~3;
}
