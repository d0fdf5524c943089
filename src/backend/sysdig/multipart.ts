import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

export interface Multipart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: () => Readable;
}

/** A form with one file, streamed, of known length. Source: RFC 7578. */
export function multipart(field: string, filename: string, type: string, bytes: number, open: () => Readable): Multipart {
  const boundary = `inline-scan-${randomBytes(16).toString('hex')}`;
  const head = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(head.length + bytes + tail.length) },
    body: () => Readable.from(parts(head, open, tail)),
  };
}

async function* parts(head: Buffer, open: () => Readable, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  for await (const chunk of open()) yield chunk as Buffer;
  yield tail;
}
