import { FormatError } from '../packageFile/read.js';
import { fileOffset, type Executable } from '../executable/executable.js';
import { Numbers } from '../executable/numbers.js';
import type { ByteSource } from '../executable/source.js';
import { parseBuildInfo, withoutSentinels, type GoBuildInfo } from './buildInfo.js';
import type { PointerHeader } from './inlineScan.js';

/**
 * Go 1.12 to 1.17: the header holds the addresses of two Go strings (address and length), the version and the module text.
 * Source: Go 1.17, cmd/go/internal/version and debug/buildinfo/buildinfo.go.
 */
const LARGEST_TEXT = 4 * 1024 * 1024;

/** Follows the header's pointers through the segments; FormatError where one leads nowhere. */
export function readPointers(source: ByteSource, executable: Executable, header: PointerHeader): GoBuildInfo {
  const { pointerSize, bigEndian, offset } = header;
  const wide = pointerSize === 8;
  const addresses = new Numbers(source.read(offset + 16, 2 * pointerSize), bigEndian);
  const version = stringAt(source, executable, addresses.word(0, wide), wide, bigEndian);
  const text = stringAt(source, executable, addresses.word(pointerSize, wide), wide, bigEndian);
  return parseBuildInfo(version.toString('utf8'), withoutSentinels(text));
}

function stringAt(source: ByteSource, executable: Executable, address: number, wide: boolean, bigEndian: boolean): Buffer {
  const width = wide ? 8 : 4;
  const header = new Numbers(mapped(source, executable, address, 2 * width), bigEndian);
  const length = header.word(width, wide);
  if (length > LARGEST_TEXT) throw new FormatError(`has Go build information of ${length} bytes`);
  return length === 0 ? Buffer.alloc(0) : mapped(source, executable, header.word(0, wide), length);
}

function mapped(source: ByteSource, executable: Executable, address: number, length: number): Buffer {
  const place = fileOffset(executable, address);
  if (place === undefined || place.available < length) throw new FormatError('has Go build information that points outside of its segments');
  return source.read(place.offset, length);
}
