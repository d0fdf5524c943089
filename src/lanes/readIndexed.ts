import type { IndexedArchive } from '../image/archive.js';
import type { LayerFacts } from '../image/layer.js';
import { openLayer, verifyLayer } from '../image/layerSource.js';
import type { FoundImage, LayerRef } from '../image/layout.js';
import type { Lanes } from './lanes.js';
import type { OnProgress } from './progress.js';
import type { LayerStore } from './store.js';

/** As much as is read while threads would still be loading: 0.2 s. */
const LITTLE_BYTES = 4 * 1024 * 1024;

/**
 * Reads an image's layers, from the one with index `first` on, out of an archive that can be read at any place. Layers that the store has are not read;
 * of a layer that stands there twice, once.
 */
export async function readIndexed(
  archive: IndexedArchive, image: FoundImage, lanes: Lanes, store: LayerStore | undefined, onProgress: OnProgress, first = 0,
): Promise<LayerFacts[]> {
  const wanted = image.layers.slice(first);
  const missing = await missingOf(wanted, store);
  const bytesToRead = missing.reduce((sum, { member }) => sum + archive.size(member), 0);
  if (missing.length > 0) lanes.start(bytesToRead <= LITTLE_BYTES ? 'here' : 'threads');
  const totalBytes = image.layers.reduce((sum, { member }) => sum + archive.size(member), 0);
  let bytes = 0;
  const byDiffId = new Map<string, Promise<LayerFacts>>();
  for (const [layer, ref] of image.layers.entries()) {
    const progress = (count: number): void => {
      bytes += count;
      onProgress({ layer, layers: image.layers.length, bytes, totalBytes });
    };
    if (layer < first) {
      progress(archive.size(ref.member));
      continue;
    }
    const kept = byDiffId.has(ref.diffId) ? undefined : await store?.get(ref.diffId);
    if (kept) byDiffId.set(ref.diffId, Promise.resolve(kept));
    if (byDiffId.has(ref.diffId)) progress(archive.size(ref.member));
    else byDiffId.set(ref.diffId, (await readOne(archive, ref, lanes, store, progress)).facts);
  }
  return Promise.all(wanted.map(async ({ diffId }) => {
    const facts = await byDiffId.get(diffId);
    if (!facts) throw new Error(`The layer ${diffId} was not read`);
    return facts;
  }));
}

async function missingOf(layers: readonly LayerRef[], store: LayerStore | undefined): Promise<readonly LayerRef[]> {
  if (store === undefined) return layers;
  const there = await Promise.all(layers.map(({ diffId }) => store.has(diffId)));
  return layers.filter((_, layer) => !there[layer]);
}

/** Resolves when the layer has been fed; its facts come later, while the next one is fed. */
async function readOne(archive: IndexedArchive, ref: LayerRef, lanes: Lanes, store: LayerStore | undefined, onBytes: (count: number) => void): Promise<{ facts: Promise<LayerFacts> }> {
  const what = `layer ${ref.member}`;
  const source = await openLayer(await archive.open(ref.member), `the ${what}`, onBytes);
  const fed = await lanes.feed(`The ${what}`, source.tar);
  verifyLayer(ref, fed.diffId, await source.digest());
  const facts = fed.facts.then(async (read) => {
    await store?.put(read);
    return read;
  });
  facts.catch(() => undefined);
  return { facts };
}
