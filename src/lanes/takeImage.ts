import { open, stat } from 'node:fs/promises';
import type { AnalyzerConfig } from '../analyzers/index.js';
import { ImageError, InputError } from '../errors.js';
import { directoryArchive, tarArchive, type IndexedArchive } from '../image/archive.js';
import { decompressed } from '../image/compression.js';
import { flatten } from '../image/flatten.js';
import { identify } from '../image/identity.js';
import type { Image, ImageLayer } from '../image/image.js';
import type { ImageConfig } from '../image/config.js';
import type { LayerFacts, Problem } from '../image/layer.js';
import { findImage, type FoundImage } from '../image/layout.js';
import { Lanes } from './lanes.js';

/** Where facts of layers are kept between scans; by diff ID, for one set of analyzers. */
export interface LayerStore {
  get(diffId: string): Promise<LayerFacts | undefined>;
  put(facts: LayerFacts): Promise<void>;
}

export type ImageSource = { readonly archive: string } | { readonly image: string; readonly engine?: 'docker' | 'podman' };

/** For a progress bar. */
export interface Progress {
  /** Of the layer that is being read, from 0. */
  readonly layer: number;
  /** Undefined while the manifest is not known. */
  readonly layers: number | undefined;
  /** Bytes of layers read so far, uncompressed, as they stand in the archive. */
  readonly bytes: number;
  /** Undefined while not known. */
  readonly totalBytes: number | undefined;
}

export interface TakeOptions {
  readonly platform?: string | undefined;
  readonly name?: string | undefined;
  readonly config: AnalyzerConfig;
  readonly store?: LayerStore | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads an image: archive → layers → facts → flattened.
 * @throws InputError when the user can mend it, ImageError when the image cannot be read.
 */
export async function takeImage(source: ImageSource, options: TakeOptions): Promise<{ image: Image; problems: Problem[] }> {
  if ('image' in source) throw new InputError('Images of an engine cannot be read yet. Save it with `docker save` and give the archive.');
  const archive = await openArchive(source.archive);
  const lanes = new Lanes(options.config);
  try {
    const found = await findImage(archive, options);
    return assemble(found, await readLayers(archive, found, lanes, options), options.name);
  } finally {
    await Promise.all([archive.close(), lanes.close()]);
  }
}

async function openArchive(path: string): Promise<IndexedArchive> {
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new InputError(`There is no archive ${path}. Give the path of a \`docker save\` or OCI archive, or of an OCI layout directory.`);
  if (info.isDirectory()) return directoryArchive(path);
  const file = await open(path);
  return tarArchive(file, info.size);
}

async function readLayers(archive: IndexedArchive, found: FoundImage, lanes: Lanes, { store, onProgress, signal }: TakeOptions): Promise<LayerFacts[]> {
  const layers = found.layers.length;
  const totalBytes = found.layers.reduce((sum, { member }) => sum + archive.size(member), 0);
  let bytes = 0;
  const reading: Promise<LayerFacts>[] = [];
  for (const [layer, ref] of found.layers.entries()) {
    const kept = await store?.get(ref.diffId);
    if (kept) {
      bytes += archive.size(ref.member);
      reading.push(Promise.resolve(kept));
      continue;
    }
    const { source } = await decompressed(await archive.open(ref.member), `layer ${ref.diffId}`);
    const { facts } = await lanes.feed(source, (count) => {
      signal?.throwIfAborted();
      bytes += count;
      onProgress?.({ layer, layers, bytes, totalBytes });
    });
    reading.push(facts.then(async (read) => {
      if (read.diffId !== ref.diffId) throw new ImageError(`The layer ${ref.member} is not what the image's config says: its digest is ${read.diffId}, not ${ref.diffId}. Save the image again.`);
      await store?.put(read);
      return read;
    }));
    reading.at(-1)?.catch(() => undefined);
  }
  return Promise.all(reading);
}

function assemble(found: FoundImage, facts: readonly LayerFacts[], name: string | undefined): { image: Image; problems: Problem[] } {
  const { config, repoTags } = found;
  const identity = identify(config, facts.map(({ sizeBytes }) => sizeBytes), repoTags, name);
  const flattened = flatten(facts.map(({ entries }) => entries));
  const layers = withHistory(config, facts);
  return { image: { identity, config, layers, flattened }, problems: facts.flatMap(({ problems }) => problems) };
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
