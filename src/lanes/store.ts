import type { LayerFacts } from '../image/layer.js';

/** Where facts of layers are kept between scans; by name (see keptAs), for one set of analyzers. Bound to them by whoever makes it. */
export interface LayerStore {
  /** Whether there is something to get; it may still turn out not to be whole. */
  has(name: string): Promise<boolean>;
  get(name: string): Promise<LayerFacts | undefined>;
  put(name: string, facts: LayerFacts): Promise<void>;
}

/** A store that is opened when it is first asked. */
export function storeLater(open: () => Promise<LayerStore>): LayerStore {
  return {
    has: async (name) => (await open()).has(name),
    get: async (name) => (await open()).get(name),
    put: async (name, facts) => (await open()).put(name, facts),
  };
}
