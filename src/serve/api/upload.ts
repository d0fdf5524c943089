import type { IncomingMessage } from 'node:http';
import { Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Busboy } from '@fastify/busboy';
import tar from 'tar-stream';
import { Fault } from './fault.js';
import type { Members } from './importedImage.js';
import type { Limits } from './limits.js';

/** Blocks, headers and extended headers of an archive, beside its members' content (bytes). */
const ARCHIVE_OVERHEAD = 1024 * 1024;

/**
 * Reads the one file of a form, a gzipped tar, as it comes: nothing is written to disk.
 * @param take told of bytes before they are kept; may refuse them with a Fault
 * @param wanted members that are kept; the others are read past
 * @throws Fault 400 for what is no such form, 409 for what is no such archive (as Anchore answers), 413 past a limit
 */
export async function readUpload(request: IncomingMessage, limits: Limits, take: (bytes: number) => void, wanted: ReadonlySet<string>): Promise<Members> {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b.{0,100}boundary=/i.test(type)) throw new Fault(400, 'The import needs a form with one file, archive_file (multipart/form-data with a boundary).');
  const tooLong = new Fault(413, `The body has more than ${limits.body} bytes. Leave analyzers out.`);
  if (Number(request.headers['content-length'] ?? 0) > limits.body) throw tooLong;
  const found = new Found();
  const form = formOf(request, type, limits);
  form.on('file', (field, stream) => {
    if (field !== 'archive_file') {
      stream.resume();
      found.fail(new Fault(400, `The form has a file ${JSON.stringify(field.slice(0, 40))}, and archive_file is what is wanted.`));
      return;
    }
    found.take(readArchive(stream, limits, take, wanted));
  });
  // the request itself stays whole when reading fails: the answer goes out on the same connection
  const body = Readable.from(request.iterator({ destroyOnReturn: false }));
  const piping = pipeline(body, capped(limits.body, tooLong), form as unknown as Writable);
  // a form whose file is not read any more may never end
  await Promise.race([piping, found.broken]).catch((error: unknown) => {
    if (error instanceof Fault) throw error;
    throw new Fault(400, 'The form could not be read to its end.');
  }).finally(() => { piping.catch(() => undefined); });
  return found.members();
}

function formOf(request: IncomingMessage, type: string, limits: Limits): InstanceType<typeof Busboy> {
  try {
    return new Busboy({ headers: { ...request.headers, 'content-type': type }, limits: { files: 1, fields: 16, fieldSize: 65_536, parts: 17, headerPairs: 32, fileSize: limits.body } });
  } catch {
    throw new Fault(400, 'The content-type names no boundary of a form.');
  }
}

/** What came of the form's file. */
class Found {
  /** Rejects when the archive cannot be read, and never resolves. */
  readonly broken: Promise<never>;
  private breaks: (error: unknown) => void = () => undefined;
  private reading: Promise<Members> | undefined;
  private fault: Fault | undefined;

  constructor() {
    this.broken = new Promise((_, reject) => { this.breaks = reject; });
    this.broken.catch(() => undefined);
  }

  fail(fault: Fault): void {
    this.fault ??= fault;
  }

  take(reading: Promise<Members>): void {
    this.reading = reading;
    reading.catch(this.breaks);
  }

  async members(): Promise<Members> {
    if (this.fault !== undefined) throw this.fault;
    if (this.reading === undefined) throw new Fault(400, 'The form has no file archive_file.');
    return this.reading;
  }
}

/** Passes bytes on, until there are too many. */
function capped(most: number, tooLong: Fault): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      length += chunk.length;
      if (length > most) done(tooLong);
      else done(null, chunk);
    },
  });
}

async function readArchive(stream: Readable, limits: Limits, take: (bytes: number) => void, wanted: ReadonlySet<string>): Promise<Members> {
  const tooMuch = new Fault(413, `The archive's members have more than ${limits.members} bytes together.`);
  const extract = tar.extract();
  const unpacked = capped(limits.members + ARCHIVE_OVERHEAD, tooMuch);
  // whichever fails first decides: a pipeline that ends at a member that was broken off may never settle
  const broken = new Promise<never>((_, reject) => { unpacked.once('error', reject); });
  const piping = pipeline(stream, createGunzip(), unpacked, extract as unknown as Writable);
  const reading = readMembers(extract, limits, take, wanted);
  try {
    const [members] = await Promise.race([Promise.all([reading, piping]), broken]);
    return members;
  } catch (error) {
    extract.destroy();
    if (error instanceof Fault) throw error;
    throw new Fault(409, 'The archive is no gzipped tar, or is cut.');
  } finally {
    for (const promise of [broken, piping, reading]) promise.catch(() => undefined);
    // what is left of the form is read and forgotten, so that the answer can be sent
    stream.unpipe();
    stream.resume();
  }
}

async function readMembers(extract: tar.Extract, limits: Limits, take: (bytes: number) => void, wanted: ReadonlySet<string>): Promise<Members> {
  const members = new Map<string, Buffer>();
  let count = 0;
  for await (const entry of extract) {
    const { name, type } = entry.header;
    count += 1;
    if (count > limits.memberCount) throw new Fault(413, `The archive has more than ${limits.memberCount} members.`);
    const isWanted = type === 'file' && wanted.has(name);
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      if (!isWanted) continue;
      take(chunk.length);
      chunks.push(chunk);
    }
    if (isWanted) members.set(name, Buffer.concat(chunks));
  }
  return members;
}
