import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';

export interface Member {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

/** The members of a tar, gzipped or not. */
export async function members(bytes: Buffer): Promise<Member[]> {
  const extract = tar.extract();
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const found: Member[] = [];
  const done = (async () => {
    for await (const entry of extract) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      found.push({ name: entry.header.name, type: entry.header.type ?? 'file', content: Buffer.concat(chunks) });
    }
  })();
  Readable.from([plain]).pipe(extract);
  await done;
  return found;
}

/** Every regular file of every layer of a `docker save` archive, deleted and replaced ones too. */
export async function filesOfImage(path: string): Promise<Member[]> {
  const outer = await members(readFileSync(path));
  const layers = outer.filter(({ name, type, content }) => type === 'file' && /layer\.tar$/.test(name) && content.length > 0);
  const files = (await Promise.all(layers.map(({ content }) => members(content)))).flat();
  return files.filter(({ type, content }) => type === 'file' && content.length > 0);
}

/**
 * All that an archive tells, one text: its members as they are, and every string in them, taken out of JSON and of base64 as often as it is wrapped.
 */
export async function toldBy(path: string): Promise<string> {
  const told: string[] = [];
  for (const { content } of await members(readFileSync(path))) {
    const text = content.toString('utf8');
    told.push(text);
    unwrap(text, told);
  }
  return told.join('\n\u0000\n');
}

function unwrap(text: string, told: string[]): void {
  if (/^\s*[[{"]/.test(text)) {
    try {
      strings(JSON.parse(text), told);
      return;
    } catch {
      // no JSON after all
    }
  }
  if (text.length >= 12 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+=*$/.test(text)) {
    const decoded = Buffer.from(text, 'base64').toString('utf8');
    told.push(decoded);
    if (/^\s*[[{"]/.test(decoded)) unwrap(decoded, told);
  }
}

function strings(value: unknown, told: string[]): void {
  if (typeof value === 'string') {
    told.push(value);
    unwrap(value, told);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      strings(key, told);
      strings(inner, told);
    }
  }
}
