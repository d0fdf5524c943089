import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** A layer of a million files has about 300 MB of facts; an entry that claims more is not ours. */
const LARGEST_ENTRY = 1024 * 1024 * 1024;

/** Entries are megabytes: node's own 16 KB at a time would be a thousand turns for each. */
const UNZIP_CHUNK = 1024 * 1024;

/** sha256 of what follows, so that an entry cut by a full disk, or written by something else, is never taken for facts. */
const SEAL_BYTES = 32;

/** Reads a sealed entry; undefined where there is none or it is not whole. */
export async function readEntry(path: string): Promise<string | undefined> {
  const bytes = await wholeFile(path).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const body = bytes.subarray(SEAL_BYTES);
  if (bytes.length <= SEAL_BYTES || !seal(body).equals(bytes.subarray(0, SEAL_BYTES))) {
    await rm(path, { force: true }).catch(() => undefined);
    return undefined;
  }
  const now = new Date();
  // the last use is what the bound on the folder's size goes by
  await utimes(path, now, now).catch(() => undefined);
  return unzip(body, { maxOutputLength: LARGEST_ENTRY, chunkSize: UNZIP_CHUNK }).then((text) => text.toString('utf8'), () => undefined);
}

async function wholeFile(path: string): Promise<Buffer | undefined> {
  const found = await stat(path);
  // a pipe would be waited for
  return found.isFile() && found.size <= LARGEST_ENTRY ? readFile(path) : undefined;
}

/** Writes a sealed entry, whole or not at all; gives its size in bytes. A cache that cannot be written is no error. */
export async function writeEntry(path: string, text: string): Promise<number> {
  const body = await zip(text, { level: 1 });
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, Buffer.concat([seal(body), body]));
    await rename(partial, path);
    return body.length + SEAL_BYTES;
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
    return 0;
  }
}

function seal(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest();
}
