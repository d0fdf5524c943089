import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Busboy } from '@fastify/busboy';
import tar from 'tar-stream';
import { Fault } from './fault.js';
import type { Limits } from './limits.js';

/** Members of an analysis archive, by name. */
export type Members = ReadonlyMap<string, Buffer>;

/**
 * Reads the one file of a form, a gzipped tar, as it comes: nothing is written to disk.
 * @throws Fault 400 for what is no such form, 409 for what is no such archive (as Anchore answers), 413 past a limit
 */
export async function readUpload(request: IncomingMessage, limits: Limits): Promise<Members> {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b.*boundary=/i.test(type)) throw new Fault(400, 'The import needs a form with one file, archive_file (multipart/form-data with a boundary).');
  const found = new Found();
  const form = new Busboy({ headers: { ...request.headers, 'content-type': type }, limits: { files: 1, fields: 16, parts: 17, headerPairs: 32, fileSize: limits.body } });
  form.on('file', (field, stream) => {
    stream.on('limit', () => found.fail(new Fault(413, `The archive has more than ${limits.body} bytes. Leave analyzers out.`)));
    if (field !== 'archive_file') {
      stream.resume();
      found.fail(new Fault(400, `The form has a file ${JSON.stringify(field.slice(0, 40))}, and archive_file is what is wanted.`));
      return;
    }
    found.take(readArchive(stream, limits));
  });
  await pipeline(request, counted(limits.body), form as unknown as Writable).catch((error: unknown) => {
    if (error instanceof Fault) throw error;
    throw new Fault(400, 'The form could not be read to its end.');
  });
  return found.members();
}

/** What came of the form's file. */
class Found {
  private reading: Promise<Members> | undefined;
  private fault: Fault | undefined;

  fail(fault: Fault): void {
    this.fault ??= fault;
  }

  take(reading: Promise<Members>): void {
    this.reading = reading;
    reading.catch(() => undefined);
  }

  async members(): Promise<Members> {
    if (this.fault !== undefined) throw this.fault;
    if (this.reading === undefined) throw new Fault(400, 'The form has no file archive_file.');
    return this.reading;
  }
}

async function* limited(source: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > most) throw new Fault(413, `The body has more than ${most} bytes. Leave analyzers out.`);
    yield chunk;
  }
}

function counted(most: number): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return (source) => limited(source, most);
}

async function readArchive(stream: NodeJS.ReadableStream, limits: Limits): Promise<Members> {
  const members = new Map<string, Buffer>();
  const extract = tar.extract();
  let left = limits.members;
  const reading = (async (): Promise<void> => {
    for await (const entry of extract) {
      const { name, type } = entry.header;
      if (members.size >= limits.memberCount) throw new Fault(413, `The archive has more than ${limits.memberCount} members.`);
      const chunks: Buffer[] = [];
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        left -= chunk.length;
        if (left < 0) throw new Fault(413, `The archive's members have more than ${limits.members} bytes together.`);
        chunks.push(chunk);
      }
      if (type === 'file') members.set(name, Buffer.concat(chunks));
    }
  })();
  try {
    await Promise.all([pipeline(stream, createGunzip(), extract as unknown as Writable), reading]);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(409, 'The archive is no gzipped tar, or is cut.');
  } finally {
    // what is left of the form is read and forgotten, so that the answer can be sent
    stream.resume();
  }
  return members;
}
