import type { FileHandle } from 'node:fs/promises';

/** Bytes that are pulled, in order. */
export interface ByteSource {
  /** Fills some of `into` and resolves with how many bytes, at least 1; 0 is the end. */
  read(into: Buffer): Promise<number>;
}

/** Fills all of `into` unless the source ends before. Resolves with how many bytes there were. */
export async function fill(source: ByteSource, into: Buffer): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const count = await source.read(into.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** A part of an open file; reads where it stands, so several may be read at once. */
export function fileRange(file: FileHandle, offset: number, length: number): ByteSource {
  let at = offset;
  const end = offset + length;
  return {
    async read(into) {
      const want = Math.min(into.length, end - at);
      if (want === 0) return 0;
      const { bytesRead } = await file.read(into, 0, want, at);
      at += bytesRead;
      return bytesRead;
    },
  };
}

/** Chunks of any size, as a source. */
export function fromChunks(chunks: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async read(into) {
      while (rest.length === 0) {
        const next = await iterator.next();
        if (next.done) return 0;
        rest = next.value;
      }
      const count = Math.min(into.length, rest.length);
      into.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
  };
}

/** A source as chunks, each with memory of its own. */
export async function* toChunks(source: ByteSource, size: number): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(size);
    const count = await source.read(chunk);
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

/** Puts bytes that were read already in front of the rest. */
export function withHead(head: Buffer, rest: ByteSource): ByteSource {
  let at = 0;
  return {
    async read(into) {
      if (at >= head.length) return rest.read(into);
      const count = head.copy(into, 0, at);
      at += count;
      return count;
    },
  };
}
