import { FormatError } from '../packageFile/read.js';
import { MOST_SECTIONS, type Executable, type Section, type Segment } from './executable.js';
import { Numbers } from './numbers.js';
import { slice, type ByteSource } from './source.js';

/** Source of all offsets: Apple, mach-o/loader.h, mach-o/fat.h and mach/machine.h. */
const MACHINES: Readonly<Record<number, string>> = { 7: '386', 12: 'arm', 18: 'ppc', 0x01000007: 'amd64', 0x0100000c: 'arm64', 0x01000012: 'ppc64' };
const LC_SEGMENT = 0x1;
const LC_SEGMENT_64 = 0x19;
/** Load commands of one file together; large programs have some 20 kB. */
const LARGEST_COMMANDS = 4 * 1024 * 1024;
/** Architectures of a universal binary; Apple ever shipped four together. */
const MOST_ARCHITECTURES = 16;

/** Reads a Mach-O file, or each part of a universal one. Offsets are those of the whole file. */
export function readMachO(source: ByteSource): readonly Executable[] {
  const magic = source.read(0, 8).readUInt32BE(0);
  if (magic === 0xcafebabe || magic === 0xcafebabf) {
    return partsOf(source, magic === 0xcafebabf).map(({ offset, size }) => readOne(slice(source, offset, size), offset));
  }
  return [readOne(source, 0)];
}

/** Where the parts of a universal binary stand. */
function partsOf(source: ByteSource, wide: boolean): readonly { readonly offset: number; readonly size: number }[] {
  const count = source.read(4, 4).readUInt32BE(0);
  if (count > MOST_ARCHITECTURES) throw new FormatError(`is a universal Mach-O file of ${count} architectures`);
  const width = wide ? 32 : 20;
  const table = new Numbers(source.read(8, count * width), true);
  return Array.from({ length: count }, (_, index) => {
    const at = index * width;
    return wide ? { offset: table.u64(at + 8), size: table.u64(at + 16) } : { offset: table.u32(at + 8), size: table.u32(at + 12) };
  });
}

function readOne(source: ByteSource, base: number): Executable {
  const head = source.read(0, 28);
  const magic = head.readUInt32BE(0);
  const bigEndian = magic === 0xfeedface || magic === 0xfeedfacf;
  const wide = magic === 0xfeedfacf || magic === 0xcffaedfe;
  if (!bigEndian && magic !== 0xcefaedfe && magic !== 0xcffaedfe) throw new FormatError('holds something that is no Mach-O file');
  const header = new Numbers(head, bigEndian);
  const machine = header.u32(4);
  const size = header.u32(20);
  if (size > LARGEST_COMMANDS) throw new FormatError(`is a Mach-O file with ${size} bytes of load commands`);
  const commands = new Numbers(source.read(wide ? 32 : 28, size), bigEndian);
  const { segments, sections } = contentsOf(commands, size, header.u32(16), wide, base);
  return { format: 'Mach-O', architecture: MACHINES[machine] ?? String(machine), pointerSize: wide ? 8 : 4, bigEndian, segments, sections };
}

function contentsOf(commands: Numbers, size: number, count: number, wide: boolean, base: number): { segments: Segment[]; sections: Section[] } {
  const segments: Segment[] = [];
  const sections: Section[] = [];
  let at = 0;
  for (let index = 0; index < count && at < size; index += 1) {
    const command = commands.u32(at);
    const length = commands.u32(at + 4);
    if (length < 8 || at + length > size) throw new FormatError('is a Mach-O file with a load command of a false length');
    if (command === (wide ? LC_SEGMENT_64 : LC_SEGMENT)) {
      segments.push({
        address: commands.word(at + 24, wide),
        offset: base + commands.word(at + (wide ? 40 : 32), wide),
        size: commands.word(at + (wide ? 48 : 36), wide),
      });
      sections.push(...sectionsOf(commands, at, length, wide, base));
      if (sections.length > MOST_SECTIONS) throw new FormatError('is a Mach-O file with too many sections');
    }
    at += length;
  }
  return { segments, sections };
}

function sectionsOf(commands: Numbers, segment: number, length: number, wide: boolean, base: number): Section[] {
  const start = wide ? 72 : 56;
  const width = wide ? 80 : 68;
  const count = Math.min(commands.u32(segment + (wide ? 64 : 48)), Math.floor((length - start) / width));
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const at = segment + start + index * width;
    return {
      name: commands.text(at, 16),
      address: commands.word(at + 32, wide),
      size: commands.word(at + (wide ? 40 : 36), wide),
      offset: base + commands.u32(at + (wide ? 48 : 40)),
    };
  });
}
