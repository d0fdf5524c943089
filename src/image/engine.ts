import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ImageError, InputError, type ScanError } from '../errors.js';
import { fullName, LOCAL_BUILD, parseReference } from './reference.js';

export const ENGINES = ['docker', 'podman'] as const;
export type Engine = (typeof ENGINES)[number];

/** An image that an engine is saving, as it comes out of the pipe. */
export interface Saving {
  readonly chunks: AsyncIterable<Buffer>;
  /** Waits for the engine to end. @throws ScanError when it did not end well, whatever it wrote before. */
  finished(): Promise<void>;
  /** Of an error in reading what it wrote: why. That is the engine's own failure if it died; else the error, and the engine is ended. */
  failed(error: unknown): Promise<unknown>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Of an engine's complaints, the end is what matters. */
const KEPT_STDERR = 8192;

const SAVE: Readonly<Record<Engine, readonly string[]>> = {
  docker: ['save'],
  podman: ['save', '--quiet', '--format', 'docker-archive'],
};

/**
 * Lets the local engine save an image into a pipe. Without `engine`, the first of them that has it.
 * @throws InputError when no engine knows the name; ImageError when none can be asked.
 */
export async function saveImage(name: string, engine?: Engine): Promise<Saving> {
  const argument = saveArgument(name);
  const failures: ScanError[] = [];
  for (const each of engine ? [engine] : ENGINES) {
    const saving = await start(each, argument);
    if (!('failure' in saving)) return saving;
    failures.push(saving.failure);
  }
  throw worthTelling(failures);
}

/**
 * What stands behind `save`: always with a tag, since of a bare repository `docker save` saves every image it has.
 * A reference never begins with a dash, so it cannot be an option; the `--` before it says so again.
 */
function saveArgument(name: string): string {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(name)) return name;
  const reference = parseReference(name);
  if (reference.digest) return name;
  const registry = reference.registry === LOCAL_BUILD ? '' : reference.registry;
  const tagged = fullName({ ...reference, registry: registry || LOCAL_BUILD });
  return registry ? tagged : tagged.slice(LOCAL_BUILD.length + 1);
}

async function start(engine: Engine, argument: string): Promise<Saving | { failure: ScanError }> {
  // No shell: the name reaches the engine as it is.
  const child: Child = spawn(engine, [...SAVE[engine], '--', argument], { stdio: ['ignore', 'pipe', 'pipe'], shell: false, windowsHide: true, env: process.env });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { complaints = (complaints + text).slice(-KEPT_STDERR); });
  let bytes = 0;
  const ended = new Promise<ScanError | undefined>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => resolve(notStarted(engine, error)));
    child.on('close', (status, signal) => resolve(status === 0 ? undefined : explain({ engine, argument, status, signal, complaints, bytes })));
  });
  const first = new Promise<'bytes'>((resolve) => child.stdout.once('readable', () => { if (child.stdout.readableLength > 0) resolve('bytes'); }));
  const outcome = await Promise.race([ended, first]);
  if (outcome instanceof Error) return { failure: outcome };
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  return {
    chunks: counted(),
    async finished() {
      const failure = await ended;
      if (failure) throw failure;
    },
    async failed(error) {
      if (child.stdout.readableEnded) return (await ended) ?? error;
      child.kill();
      return error;
    },
  };
}

function notStarted(engine: Engine, error: NodeJS.ErrnoException): ScanError {
  if (error.code === 'ENOENT') return new NotInstalled(`${engine} is not installed, or not on the PATH. Install it, or save the image elsewhere and give the archive.`);
  return new ImageError(`${engine} could not be started (${error.message}). Save the image by hand and give the archive.`, { cause: error });
}

class NotInstalled extends ImageError {}

interface Ending {
  readonly engine: Engine;
  readonly argument: string;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly complaints: string;
  readonly bytes: number;
}

/** Engines say what is wrong in words alone: docker 20 to 28, podman 3 to 5. */
function explain({ engine, argument, status, signal, complaints, bytes }: Ending): ScanError {
  const said = lastLine(complaints);
  const quoted = said ? ` (${said})` : '';
  if (/no space left on device/i.test(complaints)) return new ImageError(`${engine} could not save ${argument}: the disk is full${quoted}. Make room, such as with \`${engine} system prune\`.`);
  if (/cannot connect to|daemon running|connection refused|permission denied|failed to connect/i.test(complaints)) {
    return new ImageError(`${engine} does not answer${quoted}. Start it, and let this user use it.`);
  }
  if (bytes === 0 && /no such image|image not known|not found|does not exist|unable to find|no such object|reference does not exist/i.test(complaints)) {
    return new InputError(`${engine} has no image ${argument}. Build or pull it before the scan; \`${engine} images\` lists what is there.`);
  }
  const how = signal ? `was ended by ${signal}` : `ended with status ${status}`;
  return new ImageError(`\`${engine} save ${argument}\` ${how} after ${bytes} bytes${quoted}. Run it by hand to see why, and scan again.`);
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1)?.trim() ?? '';
  return line.replace(/[\x00-\x1f\x7f]/g, ' ').slice(0, 300);
}

/** Of the failures of all engines, in the order asked: one that is not installed says nothing. Where the first could not be asked, it may be the one that has the image, so all are told. */
function worthTelling(failures: readonly ScanError[]): ScanError {
  const installed = failures.filter((failure) => !(failure instanceof NotInstalled));
  const [first, ...others] = installed;
  if (first === undefined) return failures.length === 1 && failures[0] ? failures[0] : new ImageError('Neither docker nor podman is installed, or on the PATH. Install one, or save the image elsewhere and give the archive.');
  if (others.length === 0 || first instanceof InputError) return first;
  return new ImageError(installed.map(({ message }) => message).join(' '), { cause: first });
}
