/** What may be unpacked of an archive of any size: small ones compress well (a jar of texts). */
const BASE_BYTES = 64 * 1024 * 1024;

/** What may be unpacked for each byte of the archive: jars within jars hardly shrink, class files by half; bombs by a thousand. */
const BYTES_FOR_A_BYTE = 10;

/** What may be unpacked at all, so that an archive's turn ends. */
const MOST_BYTES = 2 * 1024 * 1024 * 1024;

/** Texts that a parser may read of an archive of any size; beyond, as many bytes as the archive has: parsing costs more than unpacking. */
const BASE_TEXTS = 8 * 1024 * 1024;

/** Counts what is unpacked of one file of the image, archives within it included: time and memory stay linear in its size. */
export class UnpackBudget {
  left: number;
  private texts: number;

  constructor(archiveBytes: number) {
    this.texts = BASE_TEXTS + archiveBytes;
    this.left = Math.min(BASE_BYTES + archiveBytes * BYTES_FOR_A_BYTE, MOST_BYTES);
  }

  spend(bytes: number): void {
    this.left -= bytes;
  }

  /** Whether a text of so many bytes may still be parsed; if so, it counts. */
  spendText(bytes: number): boolean {
    if (bytes > this.texts) return false;
    this.texts -= bytes;
    return true;
  }
}
