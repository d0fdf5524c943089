/** A container of rpm headers is not what it says. The message is a clause about the file, without a full stop. */
export class ContainerError extends Error {}

/**
 * The pages of a file, each given out once: a page that two chains or trees share would make a small file endless,
 * and no honest database has one. So reading is linear in the file, whatever its links say.
 */
export class Pages {
  readonly size: number;
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #seen: Uint8Array;

  constructor(bytes: Buffer, size: number) {
    this.#bytes = bytes;
    this.size = size;
    this.count = Math.floor(bytes.length / size);
    this.#seen = new Uint8Array(this.count);
  }

  /** The page of that index, from 0. */
  take(index: number): Buffer {
    if (index < 0 || index >= this.count) throw new ContainerError(`points to page ${index} of ${this.count}`);
    if (this.#seen[index] === 1) throw new ContainerError(`uses page ${index} twice`);
    this.#seen[index] = 1;
    return this.#bytes.subarray(index * this.size, (index + 1) * this.size);
  }
}

/** Tells what was wrong with a part of a container that is left out: a clause about the file, without a full stop. */
export type Broken = (message: string) => void;
