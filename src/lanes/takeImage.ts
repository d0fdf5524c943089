import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { AnalyzerConfig } from '../analyzers/index.js';
import { InputError } from '../errors.js';
import { directoryArchive, tarArchive, type IndexedArchive } from '../image/archive.js';
import { toChunks, fromChunks } from '../image/bytes.js';
import { compressionOf, decompressed, foreignPacking, HEAD_BYTES } from '../image/compression.js';
import type { ImageConfig } from '../image/config.js';
import type { Engine } from '../image/engine.js';
import { flatten } from '../image/flatten.js';
import { identify } from '../image/identity.js';
import type { Image, ImageLayer } from '../image/image.js';
import type { LayerFacts, Problem } from '../image/layer.js';
import { findImage, type FoundImage } from '../image/layout.js';
import type { Lanes } from './lanes.js';
import type { OnProgress } from './progress.js';
import { readIndexed } from './readIndexed.js';
import { readPassing } from './readPassing.js';
import type { LayerStore } from './store.js';

/** An archive's path (a file, or an OCI layout directory), or the name of an image that a local engine has. */
export type ImageSource = { readonly archive: string } | { readonly image: string; readonly engine?: Engine | undefined };

export interface TakeOptions {
  /** `linux/arm64`: which one, where there are several; else this machine's. */
  readonly platform?: string | undefined;
  /** Chooses among several images of an archive, and is the full name by which the image is known. */
  readonly name?: string | undefined;
  readonly config: AnalyzerConfig;
  readonly store?: LayerStore | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Read {
  readonly found: FoundImage;
  readonly facts: readonly LayerFacts[];
}

/** Of a compressed archive, read at once. */
const FILE_CHUNK = 256 * 1024;

/** An image, and what could not be analysed in it. */
export interface Taken {
  readonly image: Image;
  readonly problems: Problem[];
}

/** An image whose layers have not been laid over each other. */
export type TakenLayers = Omit<Image, 'flattened'>;

/** What is known of a layer without its facts. */
export type KnownLayer = Pick<LayerFacts, 'diffId' | 'sizeBytes'>;

/** Asked which image an archive holds, before a layer of it is read: the layers that need not be read, base first; or `all`, where nothing more is wanted. */
export type IsKnown = (found: FoundImage) => Promise<readonly KnownLayer[] | 'all'>;

/**
 * Takes an image: archive → layers → facts → flattened.
 * @throws InputError when the user can mend it, ImageError when the image cannot be read.
 */
export async function takeImage(source: ImageSource, options: TakeOptions): Promise<Taken> {
  const taken = await takeLayers(source, options, async () => []);
  if (taken === undefined) throw new Error('An image that nobody knows was not read');
  const flattened = flatten(taken.layers.map(({ facts }) => facts.entries));
  return { image: { ...taken, flattened }, problems: taken.layers.flatMap(({ facts }) => facts.problems) };
}

/**
 * The same, without flattening; lower layers that are known have no facts then. Undefined where all is known. What comes out of a pipe, or of a compressed
 * archive, is read in any case, since the manifest may come last.
 */
export async function takeLayers(source: ImageSource, options: TakeOptions, isKnown: IsKnown): Promise<TakenLayers | undefined> {
  const lanes = new LanesLater(options);
  const abort = (): void => lanes.stop(options.signal?.reason);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    options.signal?.throwIfAborted();
    const read = 'archive' in source ? await fromArchive(source.archive, lanes, options, isKnown) : await fromEngine(source, await lanes.get(), options);
    return read && layered(read, options.name ?? nameOf(source));
  } finally {
    options.signal?.removeEventListener('abort', abort);
    await lanes.close();
  }
}

/** Lanes, and with them all analyzers, are loaded when there is something to read: an image that is known needs none. */
class LanesLater {
  private readonly options: TakeOptions;
  private lanes: Lanes | undefined;

  constructor(options: TakeOptions) {
    this.options = options;
  }

  async get(): Promise<Lanes> {
    const loaded = await import('./lanes.js');
    this.options.signal?.throwIfAborted();
    return this.lanes ??= new loaded.Lanes(this.options.config);
  }

  stop(reason: unknown): void {
    this.lanes?.stop(reason);
  }

  async close(): Promise<void> {
    await this.lanes?.close();
  }
}

/** Read as it is open: where it is a socket, it cannot be opened by its path. */
const STANDARD_INPUT = '/dev/stdin';

async function fromArchive(path: string, lanes: LanesLater, options: TakeOptions, isKnown: IsKnown): Promise<Read | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new InputError(`There is no archive ${path}. Give the path of a \`docker save\` or OCI archive, or of an OCI layout directory.`);
  if (info.isDirectory()) return fromIndexed(await directoryArchive(path), lanes, options, isKnown);
  const file = info.isFile() ? await openPlain(path) : undefined;
  if (file) return fromIndexed(await tarArchive(file, info.size), lanes, options, isKnown);
  const stream = path === STANDARD_INPUT ? process.stdin : createReadStream(path, { highWaterMark: FILE_CHUNK });
  const { source } = await decompressed(fromChunks(stream), 'the archive');
  return readPassing(toChunks(source, FILE_CHUNK), options, await lanes.get(), options.store, progressOf(options));
}

/** Undefined where the file is packed, so that it cannot be read in places. */
async function openPlain(path: string): Promise<FileHandle | undefined> {
  const file = await open(path).catch((error: Error) => {
    throw new InputError(`The archive ${path} cannot be opened (${error.message}). Let this user read it.`, { cause: error });
  });
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  const start = head.subarray(0, bytesRead);
  if (compressionOf(start) === 'none' && foreignPacking(start) === undefined) return file;
  await file.close();
  return undefined;
}

async function fromIndexed(archive: IndexedArchive, lanes: LanesLater, options: TakeOptions, isKnown: IsKnown): Promise<Read | undefined> {
  try {
    const found = await findImage(archive, options);
    const known = await isKnown(found);
    if (known === 'all') return undefined;
    const facts = await readIndexed(archive, found, await lanes.get(), options.store, progressOf(options), known.length);
    return { found, facts: [...known.map(withoutFacts), ...facts] };
  } finally {
    await archive.close();
  }
}

async function fromEngine(source: { image: string; engine?: Engine | undefined }, lanes: Lanes, options: TakeOptions): Promise<Read> {
  // programs are started for an engine alone
  const { saveImage } = await import('../image/engine.js');
  const saving = await saveImage(source.image, source.engine);
  try {
    const read = await readPassing(saving.chunks, { ...options, name: source.image }, lanes, options.store, progressOf(options));
    await saving.finished();
    return read;
  } catch (error) {
    throw await saving.failed(error);
  }
}

function progressOf({ onProgress, signal }: TakeOptions): OnProgress {
  return (progress) => {
    signal?.throwIfAborted();
    onProgress?.(progress);
  };
}

/** An image's ID is no name. */
function nameOf(source: ImageSource): string | undefined {
  return 'image' in source && !/^(sha256:)?[0-9a-f]{64}$/.test(source.image) ? source.image : undefined;
}

function withoutFacts({ diffId, sizeBytes }: KnownLayer): LayerFacts {
  return { diffId, sizeBytes, entries: [], facts: {}, problems: [] };
}

function layered({ found, facts }: Read, name: string | undefined): TakenLayers {
  const { config, repoTags } = found;
  const identity = identify(config, facts.map(({ sizeBytes }) => sizeBytes), repoTags, name);
  return { identity, config, layers: withHistory(config, facts) };
}

/** History has a row for each layer, and others for instructions that brought none. */
function withHistory(config: ImageConfig, facts: readonly LayerFacts[]): ImageLayer[] {
  const rows = config.history.flatMap((row, index) => (row.emptyLayer ? [] : [{ index, row }]));
  return facts.map((layer, index) => ({
    index,
    facts: layer,
    createdBy: rows[index]?.row.createdBy ?? '',
    historyIndex: rows[index]?.index ?? -1,
  }));
}
