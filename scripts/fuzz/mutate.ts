/** Random numbers in [0, 1) that are the same for the same seed (mulberry32, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Containers put what matters at the start of the file and of its pages. */
const FILE_HEAD = 256;
const PAGES = [512, 4096];
const PAGE_HEAD = 64;
const MOST_CHANGES = 8;

/** A changed copy of a real file: a few bytes, numbers that lie, ranges moved, doubled or lost, an early end. */
export function mutated(sample: Buffer, random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  let bytes: Buffer = Buffer.from(sample);
  for (let changes = 1 + below(MOST_CHANGES); changes > 0 && bytes.length > 0; changes--) {
    bytes = changed(bytes, place(bytes.length, below), below);
  }
  return bytes;
}

function place(length: number, below: (limit: number) => number): number {
  const page = PAGES[below(PAGES.length)] ?? 512;
  const candidates = [below(length), below(FILE_HEAD), below(Math.ceil(length / page)) * page + below(PAGE_HEAD)];
  return Math.min(candidates[below(candidates.length)] ?? 0, length - 1);
}

function changed(bytes: Buffer, at: number, below: (limit: number) => number): Buffer {
  const size = 1 + below(below(4) === 0 ? 4096 : 16);
  switch (below(10)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]);
    case 3:
      bytes.copyWithin(at, below(bytes.length), bytes.length);
      return bytes;
    case 4:
      bytes.fill(below(2) * 0xff, at, Math.min(at + size, bytes.length));
      return bytes;
    case 5:
    case 6:
    case 7:
      return withNumber(bytes, at, below);
    default:
      bytes[at] = below(256);
      return bytes;
  }
}

/** Lengths, counts and offsets at their limits. */
function withNumber(bytes: Buffer, at: number, below: (limit: number) => number): Buffer {
  const values = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, bytes.length, bytes.length - 1, at, below(bytes.length)];
  const value = (values[below(values.length)] ?? 0) >>> 0;
  const width = [1, 2, 4][below(3)] ?? 1;
  if (at + width > bytes.length) return bytes;
  const low = width === 4 ? value : value % 256 ** width;
  if (below(2) === 0) bytes.writeUIntBE(low, at, width);
  else bytes.writeUIntLE(low, at, width);
  return bytes;
}
