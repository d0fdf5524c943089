/** What a file named like a kernel says of itself; empty strings where it does not say. */
export interface KernelFact {
  readonly version: string;
  /** As Go names it, where the format tells. */
  readonly architecture: string;
  /** `bzImage`, `Image` …; `file name` where the version is known by that alone. */
  readonly format: string;
  /** With who built it and when: `6.1.0-18-amd64 (debian-kernel@…) #1 SMP …`. */
  readonly banner: string;
}

/** The boot sector and setup code of an x86 kernel, which hold its version, have at most 32 kB. */
export const HEAD_BYTES = 64 * 1024;
/** Longest banner that is shown. */
const LONGEST_BANNER = 256;

const VERSION = /^\d+\.\d+[\w.+~-]{0,80}/;

/**
 * An x86 boot image: `HdrS`, and where its version is.
 * Source: https://www.kernel.org/doc/html/latest/arch/x86/boot.html
 */
export function readBzImage(head: Buffer): KernelFact | undefined {
  if (head.length < 0x210 || head.toString('latin1', 0x202, 0x206) !== 'HdrS') return undefined;
  const start = head.readUInt16LE(0x20e) + 0x200;
  const banner = printable(head.toString('latin1', start, start + LONGEST_BANNER));
  const version = VERSION.exec(banner)?.[0] ?? '';
  return { version, architecture: 'amd64', format: 'bzImage', banner };
}

/** Whether a file begins like an uncompressed kernel: an ELF file, or (64-bit Arm, RISC-V) an `Image` with its magic at byte 56. */
export function isPlainKernel(head: Buffer): boolean {
  return head.toString('latin1', 1, 4) === 'ELF' || isArm64(head) || head.toString('latin1', 56, 60) === 'RSC\x05';
}

/** The magic of 64-bit Arm's `Image`. Source: Linux, Documentation/arch/arm64/booting.rst. */
export function isArm64(head: Buffer): boolean {
  return head.toString('latin1', 56, 60) === 'ARM\x64';
}

const BANNER = 'Linux version ';

/** The banner `Linux version 6.1.0 (…)` in a kernel's bytes, chunk by chunk. Keeps no more than its own length. */
export class BannerSearch {
  #banner = '';
  #tail = Buffer.alloc(0);

  write(chunk: Buffer): void {
    if (this.#banner !== '') return;
    const bytes = Buffer.concat([this.#tail, chunk]);
    for (let at = bytes.indexOf(BANNER); at !== -1; at = bytes.indexOf(BANNER, at + 1)) {
      if (at + BANNER.length + LONGEST_BANNER > bytes.length) break;
      if (this.#take(bytes, at)) return;
    }
    this.#tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - BANNER.length - LONGEST_BANNER)));
  }

  /** The banner's text after `Linux version `; the empty string where there is none. */
  end(): string {
    for (let at = this.#tail.indexOf(BANNER); at !== -1 && this.#banner === ''; at = this.#tail.indexOf(BANNER, at + 1)) this.#take(this.#tail, at);
    return this.#banner;
  }

  #take(bytes: Buffer, at: number): boolean {
    const text = printable(bytes.toString('latin1', at + BANNER.length, at + BANNER.length + LONGEST_BANNER));
    if (!VERSION.test(text)) return false;
    this.#banner = text;
    return true;
  }
}

/** The version in a banner, or in what a module says it was built for; the empty string where there is none. */
export function versionOf(text: string): string {
  return VERSION.exec(text)?.[0] ?? '';
}

/** Up to the first byte that is no text. */
function printable(text: string): string {
  return /^[\x20-\x7e]*/.exec(text)?.[0].trim() ?? '';
}
