import { open } from 'node:fs/promises';

/** Bytes; for a larger report memory of its own is taken, and given back. */
const LARGEST_KEPT = 64 * 1024 * 1024;

/**
 * Reads files into the same memory, one after the other: ten fresh megabytes for each report would make as much work for the garbage collector
 * as the report does for us. What was read before is no more.
 */
export class ReportMemory {
  private kept = Buffer.alloc(0);

  /** @param size of the file, in bytes */
  async read(path: string, size: number): Promise<Buffer> {
    const memory = this.memoryOf(size);
    const file = await open(path);
    try {
      let length = 0;
      while (length < size) {
        const { bytesRead } = await file.read(memory, length, size - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return memory.subarray(0, length);
    } finally {
      await file.close();
    }
  }

  private memoryOf(size: number): Buffer {
    if (size > LARGEST_KEPT) return Buffer.allocUnsafeSlow(size);
    if (size > this.kept.length) this.kept = Buffer.allocUnsafeSlow(size);
    return this.kept;
  }
}
