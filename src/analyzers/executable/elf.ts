import { FormatError } from '../packageFile/read.js';
import { MOST_SECTIONS, type Executable, type Section, type Segment } from './executable.js';
import { Numbers } from './numbers.js';
import type { ByteSource } from './source.js';

/** Source of all offsets: System V ABI, "Object Files" (gABI 4.1), and Linux's elf.h for machines. */
const MACHINES: Readonly<Record<number, string>> = {
  3: '386', 8: 'mips', 20: 'ppc', 21: 'ppc64', 22: 's390x', 40: 'arm', 43: 'sparc64', 62: 'amd64', 183: 'arm64', 243: 'riscv64', 258: 'loong64',
};
const PT_LOAD = 1;
const SHT_NOBITS = 8;
/** Names of all sections of one file together. */
const LARGEST_NAME_TABLE = 8 * 1024 * 1024;

/** Reads an ELF file's segments and, if asked, its sections. */
export function readElf(source: ByteSource, options: { readonly sections: boolean }): Executable {
  const ident = source.read(0, Math.min(64, source.size));
  if (ident.length < 52) throw new FormatError('is an ELF file that is cut off');
  const wide = ident[4] === 2;
  if (!wide && ident[4] !== 1) throw new FormatError('is an ELF file of no known width');
  const bigEndian = ident[5] === 2;
  const header = new Numbers(ident, bigEndian);
  const machine = header.u16(18);
  return {
    format: 'ELF',
    architecture: MACHINES[machine] ?? String(machine),
    pointerSize: wide ? 8 : 4,
    bigEndian,
    segments: segmentsOf(source, header, wide, bigEndian),
    sections: options.sections ? sectionsOf(source, header, wide, bigEndian) : [],
  };
}

function segmentsOf(source: ByteSource, header: Numbers, wide: boolean, bigEndian: boolean): readonly Segment[] {
  const count = header.u16(wide ? 56 : 44);
  const size = header.u16(wide ? 54 : 42);
  if (count === 0) return [];
  if (size < (wide ? 56 : 32)) throw new FormatError('is an ELF file whose program headers are too small');
  const offset = header.word(wide ? 32 : 28, wide);
  const table = new Numbers(source.read(offset, count * size), bigEndian);
  const segments: Segment[] = [];
  for (let at = 0; at < count * size; at += size) {
    if (table.u32(at) !== PT_LOAD) continue;
    segments.push({
      offset: table.word(at + (wide ? 8 : 4), wide),
      address: table.word(at + (wide ? 16 : 8), wide),
      size: table.word(at + (wide ? 32 : 16), wide),
    });
  }
  return segments;
}

function sectionsOf(source: ByteSource, header: Numbers, wide: boolean, bigEndian: boolean): readonly Section[] {
  const offset = header.word(wide ? 40 : 32, wide);
  const size = header.u16(wide ? 58 : 46);
  if (offset === 0) return [];
  if (size < (wide ? 64 : 40)) throw new FormatError('is an ELF file whose section headers are too small');
  // Section 0 holds the true numbers where they do not fit into the header.
  const first = new Numbers(source.read(offset, size), bigEndian);
  const count = header.u16(wide ? 60 : 48) || first.word(wide ? 32 : 20, wide);
  const shstrndx = header.u16(wide ? 62 : 50);
  const namesIndex = shstrndx === 0xffff ? first.u32(wide ? 40 : 24) : shstrndx;
  if (count > MOST_SECTIONS) throw new FormatError(`is an ELF file that claims ${count} sections`);
  const table = new Numbers(source.read(offset, count * size), bigEndian);
  const names = namesOf(source, table, namesIndex, count, size, wide);
  const sections: Section[] = [];
  for (let at = 0; at < count * size; at += size) {
    const nobits = table.u32(at + 4) === SHT_NOBITS;
    sections.push({
      name: nameAt(names, table.u32(at)),
      address: table.word(at + (wide ? 16 : 12), wide),
      offset: table.word(at + (wide ? 24 : 16), wide),
      size: nobits ? 0 : table.word(at + (wide ? 32 : 20), wide),
    });
  }
  return sections;
}

function namesOf(source: ByteSource, table: Numbers, index: number, count: number, size: number, wide: boolean): Buffer {
  if (index >= count) throw new FormatError('is an ELF file whose section names are nowhere');
  const at = index * size;
  const length = table.word(at + (wide ? 32 : 20), wide);
  if (length > LARGEST_NAME_TABLE) throw new FormatError(`is an ELF file with ${length} bytes of section names`);
  return source.read(table.word(at + (wide ? 24 : 16), wide), length);
}

/** Longest section name that is looked at: all that are sought are short. */
const LONGEST_NAME = 64;

function nameAt(names: Buffer, offset: number): string {
  const part = names.subarray(offset, offset + LONGEST_NAME);
  const end = part.indexOf(0);
  return part.toString('latin1', 0, end < 0 ? part.length : end);
}

/** Where an ELF file's mapped parts end; what a linker does not map (`.comment`, `.dep-v0`, symbols, section headers) comes after. */
export function endOfSegments(executable: Executable): number {
  return executable.segments.reduce((end, { offset, size }) => Math.max(end, offset + size), 0);
}

