import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzipSync } from 'node:zlib';

/** Fast, and a fifth of what a report has. */
const LEVEL = { level: 3 };

/** What the database keeps of large texts: gzip, at once. For a worker, which has nothing else to do. */
export function pack(text: Uint8Array | string): Uint8Array {
  return gzipSync(text, LEVEL);
}

/** The same back. */
export function unpackNow(packed: Uint8Array): Buffer {
  return gunzipSync(packed);
}

const unpackThen = promisify<Uint8Array, Buffer>(gunzip);

/** The same back, for the thread that answers: it goes on meanwhile. */
export async function unpack(packed: Uint8Array): Promise<string> {
  return (await unpackThen(packed)).toString('utf8');
}
