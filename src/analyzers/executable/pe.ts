import { FormatError } from '../packageFile/read.js';
import type { Executable, Section } from './executable.js';
import { Numbers } from './numbers.js';
import type { ByteSource } from './source.js';

/** Source of all offsets: Microsoft, "PE Format". */
const MACHINES: Readonly<Record<number, string>> = { 0x14c: '386', 0x1c0: 'arm', 0x1c4: 'arm', 0x8664: 'amd64', 0xaa64: 'arm64', 0x5064: 'riscv64' };
/** Of the optional header, the data directories and the section table together; compilers write less than 4 kB. */
const LARGEST_HEADERS = 64 * 1024;

/** A table that the header points to, by its address relative to the image's base. */
export interface DataDirectory {
  readonly rva: number;
  readonly size: number;
}

export interface PeFile {
  readonly executable: Executable;
  readonly imageBase: number;
  readonly directories: readonly DataDirectory[];
}

export const RESOURCE_DIRECTORY = 2;
/** The CLR header: a file that has one is a .NET assembly. */
export const CLR_DIRECTORY = 14;

/** Reads a PE file's headers. */
export function readPe(source: ByteSource): PeFile {
  const dos = new Numbers(source.read(0, Math.min(64, source.size)), false);
  const start = dos.u32(0x3c);
  if (start > source.size - 24) throw new FormatError('is a DOS or PE file whose header is beyond its end');
  const bytes = source.read(start, Math.min(LARGEST_HEADERS, source.size - start));
  const header = new Numbers(bytes, false);
  if (header.u32(0) !== 0x00004550) throw new FormatError('is an MZ file without a PE header');
  const optionalSize = header.u16(20);
  const optional = header.u16(24);
  if (optional !== 0x10b && optional !== 0x20b) throw new FormatError('is a PE file of no known width');
  const wide = optional === 0x20b;
  const imageBase = header.word(24 + (wide ? 24 : 28), wide);
  const machine = header.u16(4);
  const sections = sectionsOf(header, 24 + optionalSize, header.u16(6), imageBase);
  return {
    imageBase,
    directories: directoriesOf(header, 24 + (wide ? 108 : 92), 24 + optionalSize),
    executable: {
      format: 'PE',
      architecture: MACHINES[machine] ?? String(machine),
      pointerSize: wide ? 8 : 4,
      bigEndian: false,
      sections,
      segments: sections.map(({ address, offset, size }) => ({ address, offset, size })),
    },
  };
}

function sectionsOf(header: Numbers, start: number, count: number, imageBase: number): readonly Section[] {
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * 40;
    return { name: header.text(at, 8), address: imageBase + header.u32(at + 12), offset: header.u32(at + 20), size: header.u32(at + 16) };
  });
}

function directoriesOf(header: Numbers, countAt: number, end: number): readonly DataDirectory[] {
  if (countAt + 4 > end) return [];
  const count = Math.min(header.u32(countAt), 16, Math.floor((end - countAt - 4) / 8));
  return Array.from({ length: count }, (_, index) => {
    const at = countAt + 4 + index * 8;
    return { rva: header.u32(at), size: header.u32(at + 4) };
  });
}
