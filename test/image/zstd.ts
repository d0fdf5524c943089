/**
 * A zstd frame around bytes, made of raw blocks: RFC 8878, 3.1.1. Node 20 cannot compress with zstd, and a frame need not be smaller.
 */
export function zstdOf(bytes: Buffer): Buffer {
  const BLOCK = 128 * 1024;
  // No checksum, no content size, a window of 128 kB.
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])];
  for (let at = 0; at < bytes.length || at === 0; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    const last = at + BLOCK >= bytes.length ? 1 : 0;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | last, 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}
