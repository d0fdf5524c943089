import type { IndexedArchive } from '../image/archive.js';
import type { LayerFacts } from '../image/layer.js';
import { openLayer, verifyLayer } from '../image/layerSource.js';
import { keptAs, type FoundImage, type LayerRef } from '../image/layout.js';
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
  const known = new Map<string, Promise<LayerFacts>>();
  for (const [layer, ref] of image.layers.entries()) {
    const progress = (count: number): void => {
      bytes += count;
      onProgress({ layer, layers: image.layers.length, bytes, totalBytes });
    };
    if (layer < first) {
      progress(archive.size(ref.member));
      continue;
    }
    const name = within(ref);
    const kept = known.has(name) ? undefined : await store?.get(keptAs(ref));
    if (kept) known.set(name, Promise.resolve(kept));
    if (known.has(name)) progress(archive.size(ref.member));
    else known.set(name, (await readOne(archive, ref, lanes, store, progress)).facts);
  }
  return Promise.all(wanted.map(async (ref) => {
    const facts = await known.get(within(ref));
    if (!facts) throw new Error(`The layer ${ref.diffId} was not read`);
    return facts;
  }));
}

/** A layer's name within its archive: two members are two layers, even if the config says that they are the same. */
function within({ diffId, member }: LayerRef): string {
  return `${diffId} ${member}`;
}

async function missingOf(layers: readonly LayerRef[], store: LayerStore | undefined): Promise<readonly LayerRef[]> {
  if (store === undefined) return layers;
  const there = await Promise.all(layers.map((ref) => store.has(keptAs(ref))));
  return layers.filter((_, layer) => !there[layer]);
}

/** Resolves when the layer has been fed; its facts come later, while the next one is fed. */
async function readOne(archive: IndexedArchive, ref: LayerRef, lanes: Lanes, store: LayerStore | undefined, onBytes: (count: number) => void): Promise<{ facts: Promise<LayerFacts> }> {
  const what = `layer ${ref.member}`;
  const source = await openLayer(await archive.open(ref.member), `the ${what}`, ref.digest, onBytes);
  const fed = await lanes.feed(`The ${what}`, source.tar);
  verifyLayer(ref, fed.diffId, await source.digest());
  const facts = fed.facts.then(async (read) => {
    await store?.put(keptAs(ref), read);
    return read;
  });
  facts.catch(() => undefined);
  return { facts };
}
