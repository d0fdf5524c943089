/**
 * The versions that an `affected[]` lists, often hundreds, as one text: mostly all that is asked is whether a version is among them,
 * and to find that out the text need not be taken apart.
 */
export class VersionList {
  /** Each version on a line of its own, with a line end before the first, too; empty where there is none. */
  readonly lines: string;
  private known: readonly string[] | undefined = undefined;

  /** @param lines as another list has them */
  constructor(lines: string) {
    this.lines = lines;
  }

  static of(versions: readonly string[]): VersionList {
    return versions.length === 0 ? NO_VERSIONS : new VersionList(`\n${versions.map(lineOf).join('\n')}\n`);
  }

  has(version: string): boolean {
    return this.lines !== '' && this.lines.includes(`\n${lineOf(version)}\n`);
  }

  /** Whether one of them may begin with an epoch: `1!2.0`, `1:2.0`. */
  get hasEpochs(): boolean {
    return this.lines.includes('!') || this.lines.includes(':');
  }

  /** In the order in which they were listed. */
  all(): readonly string[] {
    return (this.known ??= this.taken());
  }

  private taken(): readonly string[] {
    if (this.lines === '') return [];
    const lines = this.lines.slice(1, -1).split('\n');
    return this.lines.includes('\\') ? lines.map(versionOf) : lines;
  }
}

export const NO_VERSIONS = new VersionList('');

/** What would not come back as it was: line ends, what stands for them, and halves of characters. */
const NO_LINE = /[\n\\\ud800-\udfff]/;

/** No two versions have the same line. */
function lineOf(version: string): string {
  return NO_LINE.test(version) ? JSON.stringify(version).slice(1, -1) : version;
}

function versionOf(line: string): string {
  return line.includes('\\') ? JSON.parse(`"${line}"`) as string : line;
}
