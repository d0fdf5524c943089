import type { ImageView } from '../analyzer.js';

/**
 * The files that dpkg and opkg keep for each package in a folder `info`: `NAME.list`, `NAME:ARCHITECTURE.md5sums` …
 * Each is of one package alone: a status that names a package a thousand times gets its files once.
 */
export class InfoFiles<Fact> {
  readonly #facts = new Map<string, Fact>();

  constructor(view: Pick<ImageView<Fact>, 'facts'>) {
    for (const { path, fact } of view.facts()) this.#facts.set(path, fact);
  }

  /** Files of packages that may be installed for several architectures at once have the architecture in their names. */
  take(folder: string, { name, architecture }: { readonly name: string; readonly architecture: string }, extension: string): Fact | undefined {
    return this.takeFile(`${folder}/${name}:${architecture}.${extension}`) ?? this.takeFile(`${folder}/${name}.${extension}`);
  }

  takeFile(path: string): Fact | undefined {
    const fact = this.#facts.get(path);
    this.#facts.delete(path);
    return fact;
  }
}
