import type { ImageView } from '../analyzer.js';
import { firstLayers } from './first-layers.js';

/** A package whose database is a folder of files, named after it and its version. */
export interface PackageFolder<Fact> {
  /** Absolute, without a slash at the end. */
  readonly path: string;
  /** The first layer that had it. */
  readonly layer: number;
  readonly facts: ReadonlyMap<string, Fact>;
}

/** The folders whose file `main` is visible, with what is said of the files in them, by name. Pacman's and Portage's way to keep packages. */
export function packageFolders<Fact>(view: ImageView<Fact>, main: string): PackageFolder<Fact>[] {
  const first = firstLayers(view, ({ path }) => (path.endsWith(`/${main}`) ? [path] : []));
  const folders = new Map<string, Map<string, Fact>>();
  for (const { path, fact } of view.facts()) {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, slash);
    const facts = folders.get(folder) ?? new Map<string, Fact>();
    folders.set(folder, facts.set(path.slice(slash + 1), fact));
  }
  return [...folders].filter(([, facts]) => facts.has(main)).map(([path, facts]) => ({ path, layer: first.get(`${path}/${main}`) ?? 0, facts }));
}
