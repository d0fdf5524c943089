import type { LayerFacts } from '../image/layer.js';

/** Where facts of layers are kept between scans; by diff ID, for one set of analyzers. Bound to them by whoever makes it. */
export interface LayerStore {
  /** Whether there is something to get; it may still turn out not to be whole. */
  has(diffId: string): Promise<boolean>;
  get(diffId: string): Promise<LayerFacts | undefined>;
  put(facts: LayerFacts): Promise<void>;
}

/** A store that is opened when it is first asked. */
export function storeLater(open: () => Promise<LayerStore>): LayerStore {
  return {
    has: async (diffId) => (await open()).has(diffId),
    get: async (diffId) => (await open()).get(diffId),
    put: async (facts) => (await open()).put(facts),
  };
}
