import type { ImageView } from '../../analyzers/analyzer.js';
import type { FlatNode, FlattenedImage, Image } from '../../image/image.js';

/** All that an analyzer looked at beside its own facts: while that stays the same, so does what it says. */
export interface Looked {
  /** Other analyzers' facts, by name. */
  readonly of: readonly string[];
  /** Paths that it looked up, whether something stood there or not. */
  readonly paths: readonly string[];
  /** It went through all nodes. */
  readonly everything: boolean;
  /** The config, who the image is, or its layers. */
  readonly image: boolean;
}

/** A view that notes what is looked at. */
export interface Watched<Fact> {
  readonly view: ImageView<Fact>;
  looked(): Looked;
}

/** Watches over a view while an analyzer speaks. */
export function watched<Fact>(view: ImageView<Fact>): Watched<Fact> {
  const notes = new Notes();
  return {
    view: { ...view, image: watchedImage(view.image, notes), of: (other) => { notes.of.add(other.name); return view.of(other); } },
    looked: () => notes.looked(),
  };
}

/** The nodes of an image, watched for whoever is no analyzer. */
export function watchedNodes(flattened: FlattenedImage): { readonly flattened: FlattenedImage; looked(): Looked } {
  const notes = new Notes();
  return { flattened: { nodes: new WatchedNodes(flattened.nodes, notes), hidden: flattened.hidden }, looked: () => notes.looked() };
}

class Notes {
  readonly of = new Set<string>();
  readonly paths = new Set<string>();
  everything = false;
  image = false;

  looked(): Looked {
    return { of: [...this.of], paths: [...this.paths], everything: this.everything, image: this.image };
  }
}

function watchedImage(image: Image, notes: Notes): Image {
  const nodes = new WatchedNodes(image.flattened.nodes, notes);
  const noted = <Value>(value: Value): Value => {
    notes.image = true;
    return value;
  };
  return {
    get identity() { return noted(image.identity); },
    get config() { return noted(image.config); },
    get layers() { return noted(image.layers); },
    flattened: { nodes, get hidden() { return noted(image.flattened.hidden); } },
  };
}

class WatchedNodes implements ReadonlyMap<string, FlatNode> {
  private readonly nodes: ReadonlyMap<string, FlatNode>;
  private readonly notes: Notes;

  constructor(nodes: ReadonlyMap<string, FlatNode>, notes: Notes) {
    this.nodes = nodes;
    this.notes = notes;
  }

  get(path: string): FlatNode | undefined {
    this.notes.paths.add(path);
    return this.nodes.get(path);
  }

  has(path: string): boolean {
    this.notes.paths.add(path);
    return this.nodes.has(path);
  }

  get size(): number {
    return this.all().size;
  }

  keys(): MapIterator<string> {
    return this.all().keys();
  }

  values(): MapIterator<FlatNode> {
    return this.all().values();
  }

  entries(): MapIterator<[string, FlatNode]> {
    return this.all().entries();
  }

  [Symbol.iterator](): MapIterator<[string, FlatNode]> {
    return this.all().entries();
  }

  forEach(step: (node: FlatNode, path: string, nodes: ReadonlyMap<string, FlatNode>) => void): void {
    this.all().forEach(step);
  }

  private all(): ReadonlyMap<string, FlatNode> {
    this.notes.everything = true;
    return this.nodes;
  }
}
