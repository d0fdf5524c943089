import type { IndexedArchive } from '../image/archive.js';
import type { LayerFacts } from '../image/layer.js';
import { openLayer, verifyLayer } from '../image/layerSource.js';
import type { FoundImage, LayerRef } from '../image/layout.js';
import type { Lanes } from './lanes.js';
import type { OnProgress } from './progress.js';
import type { LayerStore } from './store.js';

/**
 * Reads an image's layers out of an archive that can be read at any place. Layers that the store has are not read; of a layer that
 * stands there twice, once.
 */
export async function readIndexed(archive: IndexedArchive, image: FoundImage, lanes: Lanes, store: LayerStore | undefined, onProgress: OnProgress): Promise<LayerFacts[]> {
  if (await anyMissing(image, store)) lanes.start();
  const totalBytes = image.layers.reduce((sum, { member }) => sum + archive.size(member), 0);
  let bytes = 0;
  const byDiffId = new Map<string, Promise<LayerFacts>>();
  for (const [layer, ref] of image.layers.entries()) {
    const progress = (count: number): void => {
      bytes += count;
      onProgress({ layer, layers: image.layers.length, bytes, totalBytes });
    };
    const kept = byDiffId.has(ref.diffId) ? undefined : await store?.get(ref.diffId);
    if (kept) byDiffId.set(ref.diffId, Promise.resolve(kept));
    if (byDiffId.has(ref.diffId)) progress(archive.size(ref.member));
    else byDiffId.set(ref.diffId, (await readOne(archive, ref, lanes, store, progress)).facts);
  }
  return Promise.all(image.layers.map(async ({ diffId }) => {
    const facts = await byDiffId.get(diffId);
    if (!facts) throw new Error(`The layer ${diffId} was not read`);
    return facts;
  }));
}

async function anyMissing({ layers }: FoundImage, store: LayerStore | undefined): Promise<boolean> {
  if (store === undefined) return layers.length > 0;
  const there = await Promise.all(layers.map(({ diffId }) => store.has(diffId)));
  return there.includes(false);
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
