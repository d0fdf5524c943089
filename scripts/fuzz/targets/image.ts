import { readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createAnalyzers } from '../../../src/analyzers/index.js';
import { ImageError, InputError } from '../../../src/errors.js';
import { tarArchive } from '../../../src/image/archive.js';
import { fromChunks } from '../../../src/image/bytes.js';
import { decompressed } from '../../../src/image/compression.js';
import { flatten } from '../../../src/image/flatten.js';
import type { LayerEntry } from '../../../src/image/layer.js';
import { findImage } from '../../../src/image/layout.js';
import { membersOf } from '../../../src/image/members.js';
import { readLayer, type Chunk } from '../../../src/lanes/readLayer.js';
import type { FuzzTarget } from '../target.js';

/** As a pipe gives them; no multiple of 512. */
const PIECE = 10_000;

/** As a lane gives them. */
const SLOT = 512 * 1024;

/** Larger layers of the example hold nothing else, and take longer. */
const LARGEST_SAMPLE = 256 * 1024;

/** Bytes that a changed sample of 128 kB may still unpack to. */
const MOST_UNPACKED = 512 * 1024 * 1024;

/** The example's archive, as `docker save` wrote it. */
function example(): Buffer {
  return gunzipSync(readFileSync('examples/shop/shop.tar.gz'));
}

/** The members of a tar that is known to be a plain one. */
function members(tar: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*/s, '');
    const size = parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    found.set(name, tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

function layers(): Buffer[] {
  return [...members(example())].flatMap(([name, bytes]) => (name.endsWith('/layer.tar') && bytes.length <= LARGEST_SAMPLE ? [bytes] : []));
}

/** The example without its large layers: documents and small layers, in an archive. */
function smallArchive(): Buffer {
  const tar = example();
  const kept: Buffer[] = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    const end = at + 512 + Math.ceil(size / 512) * 512;
    if (size < 8192) kept.push(tar.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, Buffer.alloc(1024)]);
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* slots(bytes: Buffer): AsyncGenerator<Chunk> {
  for await (const piece of pieces(bytes, SLOT)) yield { bytes: piece, release: () => undefined };
}

/** An image that cannot be read says so; anything else is a bug. */
async function unlessBroken(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof ImageError || error instanceof InputError)) throw error;
  }
}

const ANALYZERS = createAnalyzers({});

export const imageTargets: readonly FuzzTarget[] = [
  {
    name: 'tar',
    samples: layers,
    parse: (bytes) => unlessBroken(async () => {
      const entries: LayerEntry[] = [];
      await readLayer('The layer', slots(bytes), [], (part) => entries.push(...part.entries));
      flatten([entries, entries]);
    }),
  },
  {
    name: 'layer',
    samples: layers,
    parse: (bytes) => unlessBroken(() => readLayer('The layer', slots(bytes), ANALYZERS, () => undefined)),
  },
  {
    name: 'archive',
    samples: () => [smallArchive()],
    async parse(bytes: Buffer): Promise<void> {
      await unlessBroken(async () => {
        for await (const { content } of membersOf(pieces(bytes, PIECE))) await content.read(Buffer.alloc(PIECE));
      });
      await unlessBroken(async () => {
        const archive = await tarArchive(inMemory(bytes), bytes.length);
        const { layers: refs } = await findImage(archive, {});
        for (const { member } of refs) await archive.open(member);
      });
    },
  },
  {
    name: 'compression',
    samples: () => [gzipSync(readFileSync('test/fixtures/os/kernel/crc7.ko')), readFileSync('test/fixtures/image/layer.tar.zst')],
    parse: (bytes) => unlessBroken(async () => {
      const { source } = await decompressed(fromChunks(pieces(bytes, PIECE)), 'the layer');
      const into = Buffer.alloc(SLOT);
      let total = 0;
      for (let count = await source.read(into); count > 0; count = await source.read(into)) total += count;
      if (total > MOST_UNPACKED) throw new Error(`${total} bytes came of ${bytes.length}`);
    }),
  },
];

/** As much of an open file as an archive needs. */
function inMemory(bytes: Buffer): FileHandle {
  const handle: Pick<FileHandle, 'close'> & { read(into: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> } = {
    read: async (into, offset, length, position) => ({ bytesRead: bytes.copy(into, offset, position, Math.min(bytes.length, position + length)) }),
    close: async () => undefined,
  };
  return handle as unknown as FileHandle;
}
