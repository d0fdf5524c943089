import type { ImageView } from '../analyzer.js';

/**
 * The first layer in which each package, at its version, was listed. A database is written anew by every layer that
 * installs something; so the databases that later layers hid count too.
 * `keys` gives what stands for one package at one version in a fact.
 */
export function firstLayers<Fact>(view: ImageView<Fact>, keys: (fact: Fact) => Iterable<string>): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  const note = (layer: number, fact: Fact): void => {
    for (const key of keys(fact)) if (layer < (first.get(key) ?? Infinity)) first.set(key, layer);
  };
  for (const { layer, fact } of view.hidden()) note(layer, fact);
  for (const { layer, fact } of view.facts()) note(layer, fact);
  return first;
}

/** Stands for a package at a version. */
export function packageKey({ name, version, architecture }: { readonly name: string; readonly version: string; readonly architecture: string }): string {
  return `${name}\0${version}\0${architecture}`;
}
