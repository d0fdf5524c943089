import { parseBuildInfo, withoutSentinels, type GoBuildInfo } from './buildInfo.js';

/**
 * Finds Go's build information in the bytes of an executable as they pass, whatever its size or format.
 * A header of 32 bytes, aligned to 16, begins with a magic; since Go 1.18 two strings follow it, each with its length as a varint:
 * the Go version and the module text. Before, the header held two pointers: such a header is only noted (see pointerFormat.ts).
 * Source: Go, debug/buildinfo/buildinfo.go.
 */

/** The magic without its first byte (0xff): that one is too frequent in code to be searched for. */
const MAGIC_REST = Buffer.from(' Go buildinf:', 'latin1');
const MAGIC_LENGTH = MAGIC_REST.length + 1;
const HEADER = 32;
const ALIGNMENT = 16;
const INLINE = 2;
/** Module text of one executable. 300 modules take some 30 kB. */
const LARGEST_TEXT = 4 * 1024 * 1024;
/** `go1.26.8 X:nodwarf5,noregabi …` or a `devel` version with its commit. */
const LARGEST_VERSION = 1024;
/** The magic also stands in programs that look for it (go, syft, govulncheck …): candidates that lead nowhere, at most this many. */
const MOST_CANDIDATES = 1000;

export interface PointerHeader {
  /** Where the header begins in the file. */
  readonly offset: number;
  readonly pointerSize: number;
  readonly bigEndian: boolean;
}

export class InlineScan {
  /** One for each architecture of a universal binary. */
  readonly found: GoBuildInfo[] = [];
  /** Headers of the old format. */
  readonly pointers: PointerHeader[] = [];
  private carry: Buffer = Buffer.alloc(0);
  /** Offset in the file of the first byte of `carry`. */
  private position = 0;
  private candidates = 0;

  write(chunk: Buffer): void {
    const bytes = this.joined(chunk);
    const kept = this.scan(bytes);
    this.position += kept;
    // A copy: the chunk is borrowed.
    this.carry = Buffer.from(bytes.subarray(kept));
  }

  /** The chunk with what was kept before it; without, and so without a copy, where nothing begins in one and ends in the other. */
  private joined(chunk: Buffer): Buffer {
    if (this.carry.length === 0) return chunk;
    const seam = Buffer.concat([this.carry, chunk.subarray(0, MAGIC_LENGTH)]);
    if (this.carry.length > MAGIC_LENGTH || chunk.length < MAGIC_LENGTH || seam.includes(MAGIC_REST)) return Buffer.concat([this.carry, chunk]);
    this.position += this.carry.length;
    return chunk;
  }

  /** Looks at all candidates in `bytes`; gives where the part begins that has to be looked at again with what follows. */
  private scan(bytes: Buffer): number {
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(MAGIC_REST, from) - 1;
      if (at < -1) return Math.max(from, bytes.length - MAGIC_LENGTH);
      from = at + MAGIC_LENGTH;
      if (at < 0 || bytes[at] !== 0xff || (this.position + at) % ALIGNMENT !== 0 || this.candidates >= MOST_CANDIDATES) continue;
      const outcome = this.candidate(bytes.subarray(at), this.position + at);
      if (outcome === 'more') return at;
      this.candidates += 1;
    }
  }

  private candidate(bytes: Buffer, offset: number): 'done' | 'more' {
    if (bytes.length < HEADER) return 'more';
    const pointerSize = bytes[14] ?? 0;
    const flags = bytes[15] ?? 0;
    if ((flags & INLINE) === 0) {
      if ((pointerSize === 4 || pointerSize === 8) && flags <= 1) this.pointers.push({ offset, pointerSize, bigEndian: flags === 1 });
      return 'done';
    }
    const version = prefixed(bytes, HEADER, LARGEST_VERSION);
    if (typeof version === 'string') return version === 'more' ? 'more' : 'done';
    const text = prefixed(bytes, version.end, LARGEST_TEXT);
    if (typeof text === 'string') return text === 'more' ? 'more' : 'done';
    const goVersion = version.value.toString('utf8');
    if (/^(?:go\d|devel)/.test(goVersion)) this.found.push(parseBuildInfo(goVersion, withoutSentinels(text.value)));
    return 'done';
  }
}

/** Bytes with their length before them as a varint; `more` where they are not all there, `none` where the length is a lie. */
function prefixed(bytes: Buffer, start: number, limit: number): { readonly value: Buffer; readonly end: number } | 'more' | 'none' {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return 'more';
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte >= 0x80) continue;
    if (length > limit) return 'none';
    const begin = start + index + 1;
    return begin + length > bytes.length ? 'more' : { value: bytes.subarray(begin, begin + length), end: begin + length };
  }
  return 'none';
}
