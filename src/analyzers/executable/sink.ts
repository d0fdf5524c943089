import type { FactSink, Tell } from '../analyzer.js';
import type { GoBuildInfo } from '../go/buildInfo.js';
import { InlineScan, type PointerHeader } from '../go/inlineScan.js';
import { readPointers } from '../go/pointerFormat.js';
import type { PackageDraft } from '../packageFile/draft.js';
import { FormatError } from '../packageFile/read.js';
import { AUDIT_SECTION, auditedCrates } from '../rust/auditable.js';
import { endOfSegments } from './elf.js';
import { executableFormat, readExecutables, type Executable } from './executable.js';
import { CapturedRanges } from './source.js';

/** What an executable says it was built from. */
export interface ExecutableFact {
  readonly architecture: string;
  readonly go: readonly GoBuildInfo[];
  readonly rust: readonly PackageDraft[];
}

/** Holds the headers: program headers, PE's section table and Mach-O's load commands stand within it. */
const HEAD = 64 * 1024;
/** Go before 1.18 needs the whole file at hand. Kubernetes' largest programs of that time have 120 MB, nearly all others less than 48. */
const LARGEST_WHOLE = 48 * 1024 * 1024;
/** What an ELF file holds behind its mapped parts, where `cargo auditable` writes: without debug symbols some kB. */
const LARGEST_TAIL = 32 * 1024 * 1024;
/** Compressed; 1,000 crates take some 30 kB. */
const LARGEST_AUDIT = 4 * 1024 * 1024;
const AUDIT_NAME = Buffer.from(`${AUDIT_SECTION}\0`, 'latin1');

/** Reads an executable as it passes, keeping its headers and the ranges to which they point. */
export class ExecutableSink implements FactSink<ExecutableFact> {
  private readonly kept: CapturedRanges;
  private readonly scan = new InlineScan();
  private readonly size: number;
  private readonly tell: Tell;
  private position = 0;
  private mentionsAudit = false;
  /** Where in the file the audit section's name may stand: for ELF behind the mapped parts. */
  private auditFrom = 0;
  private last: Buffer = Buffer.alloc(0);

  constructor(size: number, tell: Tell) {
    this.size = size;
    this.tell = tell;
    this.kept = new CapturedRanges(size);
    this.kept.capture(0, HEAD);
  }

  write(chunk: Buffer): void {
    this.scan.write(chunk);
    const headLeft = Math.min(HEAD, this.size) - this.position;
    if (headLeft > 0 && chunk.length >= headLeft) {
      this.push(chunk.subarray(0, headLeft));
      this.plan();
      this.push(chunk.subarray(headLeft));
    } else {
      this.push(chunk);
    }
  }

  end(): ExecutableFact | undefined {
    const rust = this.attempt(() => this.crates()) ?? [];
    const go = [...this.scan.found, ...this.goBefore118()];
    if (go.length === 0 && rust.length === 0) return undefined;
    const architecture = this.attempt(() => this.tables({ sections: false })[0]?.architecture) ?? '';
    return { architecture, go, rust };
  }

  private push(chunk: Buffer): void {
    this.kept.push(chunk);
    this.position += chunk.length;
    if (this.mentionsAudit || this.position <= this.auditFrom) return;
    this.mentionsAudit = chunk.includes(AUDIT_NAME) || Buffer.concat([this.last, chunk.subarray(0, AUDIT_NAME.length)]).includes(AUDIT_NAME);
    this.last = Buffer.from(chunk.subarray(-AUDIT_NAME.length));
  }

  /** The headers are at hand: asks for the ranges that will be needed. What they say wrongly is told at the end, if it matters. */
  private plan(): void {
    const head = this.kept.read(0, Math.min(HEAD, this.size));
    if (looksLikeGo(head) && this.size <= LARGEST_WHOLE) {
      this.kept.capture(HEAD, this.size);
      this.auditFrom = this.size;
      return;
    }
    const executables = this.attempt(() => this.tables({ sections: false }), () => undefined) ?? [];
    if (executables.length > 0) this.auditFrom = Math.max(...executables.map((executable) => (executable.format === 'ELF' ? endOfSegments(executable) : this.size)));
    for (const executable of executables) {
      const audit = executable.sections.find(({ name }) => name === AUDIT_SECTION);
      this.mentionsAudit ||= audit !== undefined;
      if (audit !== undefined && audit.size <= LARGEST_AUDIT) this.kept.capture(audit.offset, audit.offset + audit.size);
      const tail = endOfSegments(executable);
      if (executable.format === 'ELF' && this.size - tail <= LARGEST_TAIL) this.kept.capture(tail, this.size);
    }
  }

  private tables(options: { readonly sections: boolean }): readonly Executable[] {
    return readExecutables(this.kept, options);
  }

  /** Only a file that holds the section's name is asked for the section: the tables of all others need not be right. */
  private crates(): readonly PackageDraft[] {
    if (!this.mentionsAudit) return [];
    if (executableFormat(this.kept.read(0, Math.min(512, this.size))) === undefined) return [];
    const sections = this.tables({ sections: true }).flatMap((executable) => executable.sections);
    const audit = sections.filter(({ name }) => name === AUDIT_SECTION);
    return audit.flatMap(({ offset, size }) => {
      if (size > LARGEST_AUDIT) throw new FormatError(`has a section ${AUDIT_SECTION} of ${size} bytes`);
      return auditedCrates(this.kept.read(offset, size));
    });
  }

  private goBefore118(): readonly GoBuildInfo[] {
    if (this.scan.found.length > 0 || this.scan.pointers.length === 0) return [];
    if (this.size > LARGEST_WHOLE) {
      this.tell(`The file was built by a Go before 1.18 and has more than ${LARGEST_WHOLE} bytes: its modules are not read.`);
      return [];
    }
    const reasons: string[] = [];
    for (const header of this.scan.pointers) {
      const build = this.buildAt(header, (reason) => reasons.push(reason));
      if (build !== undefined) return [build];
    }
    if (reasons[0] !== undefined) this.tellOf(reasons[0]);
    return [];
  }

  /** What the pointers lead to, in the first of the file's executables in which they lead to what Go writes. */
  private buildAt(header: PointerHeader, failed: (reason: string) => void): GoBuildInfo | undefined {
    for (const executable of this.attempt(() => this.tables({ sections: false })) ?? []) {
      const build = this.attempt(() => readPointers(this.kept, executable, header), failed);
      if (build !== undefined && /^(?:go\d|devel)/.test(build.goVersion)) return build;
    }
    return undefined;
  }

  /** @param failed told how the file is not as its format says; without it, the user is */
  private attempt<T>(read: () => T, failed: (reason: string) => void = (reason) => this.tellOf(reason)): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      failed(error.message);
      return undefined;
    }
  }

  private tellOf(reason: string): void {
    this.tell(`The file ${reason}.`);
  }
}

/** Go's linkers write a build id near the start of the code: as an ELF note named `Go`, else as text. */
function looksLikeGo(head: Buffer): boolean {
  // The note's type, 4, is written in the file's byte order.
  return head.includes('\x04\x00\x00\x00Go\x00\x00', 0, 'latin1') || head.includes('\x00\x00\x00\x04Go\x00\x00', 0, 'latin1') || head.includes('\xff Go build ID: "', 0, 'latin1');
}
