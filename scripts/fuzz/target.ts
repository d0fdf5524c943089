/** A parser of bytes from an image, and real files to start from. */
export interface FuzzTarget {
  /** What the command takes. */
  readonly name: string;
  samples(): readonly Buffer[];
  /** Reads the bytes to the end. Whatever they are it returns: what it throws is a finding, and so is more than a second. */
  parse(bytes: Buffer): void | Promise<void>;
}
