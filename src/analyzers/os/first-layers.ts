import type { ImageView, Located } from '../analyzer.js';

/**
 * The first layer in which each package, at its version, was listed. A database is written anew by every layer that
 * installs something; so the databases that later layers hid count too.
 * `keys` gives what stands for one package at one version in a file.
 */
export function firstLayers<Fact>(view: ImageView<Fact>, keys: (file: Located<Fact>) => Iterable<string>): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  const note = (file: Located<Fact>): void => {
    for (const key of keys(file)) if (file.layer < (first.get(key) ?? Infinity)) first.set(key, file.layer);
  };
  for (const file of view.hidden()) note(file);
  for (const file of view.facts()) note(file);
  return first;
}

/** Stands for a package at a version. */
export function packageKey({ name, version, architecture }: { readonly name: string; readonly version: string; readonly architecture: string }): string {
  return `${name}\0${version}\0${architecture}`;
}
