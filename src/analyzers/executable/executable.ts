import { readElf } from './elf.js';
import { readMachO } from './machO.js';
import { readPe } from './pe.js';
import type { ByteSource } from './source.js';

/** A named part of an executable's file. A section without bytes in the file (`.bss`) has size 0. */
export interface Section {
  readonly name: string;
  readonly address: number;
  /** In the file. */
  readonly offset: number;
  /** Bytes in the file. */
  readonly size: number;
}

/** A part of the file that is mapped to memory. */
export interface Segment {
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

export interface Executable {
  readonly format: ExecutableFormat;
  /** As Go names it: `amd64`, `arm64` …; the format's own number for others. */
  readonly architecture: string;
  readonly pointerSize: 4 | 8;
  readonly bigEndian: boolean;
  /** Empty where they were not asked for or are stripped. */
  readonly sections: readonly Section[];
  readonly segments: readonly Segment[];
}

export type ExecutableFormat = 'ELF' | 'PE' | 'Mach-O' | 'universal Mach-O';

/** A table beyond this is a lie: it bounds memory and time. Large C++ programs have some thousand sections. */
export const MOST_SECTIONS = 65_536;

/** Tells an executable by its first bytes, or undefined. */
export function executableFormat(head: Buffer): ExecutableFormat | undefined {
  if (head.length < 32) return undefined;
  const magic = head.readUInt32BE(0);
  if (magic === 0x7f454c46) return 'ELF';
  if (magic >>> 16 === 0x4d5a) return 'PE';
  if ([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe].includes(magic)) return 'Mach-O';
  // A Java class begins with the same four bytes, then its version (from 45 on) where a universal binary counts its parts.
  if ((magic === 0xcafebabe || magic === 0xcafebabf) && head.readUInt32BE(4) > 0 && head.readUInt32BE(4) < 45) return 'universal Mach-O';
  return undefined;
}

/**
 * Reads the tables of an executable; a universal Mach-O holds several. FormatError where they lie.
 * `sections: false` leaves out ELF's section table, which stands at the end of the file.
 */
export function readExecutables(source: ByteSource, options: { readonly sections: boolean }): readonly Executable[] {
  const format = executableFormat(source.read(0, Math.min(512, source.size)));
  if (format === 'ELF') return [readElf(source, options)];
  if (format === 'PE') return [readPe(source).executable];
  return format === undefined ? [] : readMachO(source);
}

/** Offset in the file of an address in memory, with the bytes that follow it in the same segment; undefined where nothing is mapped. */
export function fileOffset(executable: Executable, address: number): { readonly offset: number; readonly available: number } | undefined {
  for (const { address: start, offset, size } of executable.segments) {
    if (address >= start && address < start + size) return { offset: offset + address - start, available: size - (address - start) };
  }
  return undefined;
}
