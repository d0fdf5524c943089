import type { FlatNode } from '../../image/image.js';
import { byCodeUnits } from '../../text/order.js';

/** Where nodes are looked up, and all of them. */
export interface Below {
  get(path: string): FlatNode | undefined;
  all(): readonly FlatNode[];
}

/**
 * A ground's nodes with what layers above changed. A node costs a look-up; going through all of them puts the whole map together.
 */
export class OverlaidNodes implements ReadonlyMap<string, FlatNode> {
  private readonly below: Below;
  private readonly changed: ReadonlyMap<string, FlatNode | undefined>;
  private whole: ReadonlyMap<string, FlatNode> | undefined;

  constructor(below: Below, changed: ReadonlyMap<string, FlatNode | undefined>) {
    this.below = below;
    this.changed = changed;
  }

  get(path: string): FlatNode | undefined {
    return this.changed.has(path) ? this.changed.get(path) : this.below.get(path);
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
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
    return this.whole ??= new Map([
      ...this.below.all().filter(({ path }) => !this.changed.has(path)),
      ...[...this.changed.values()].filter((node) => node !== undefined),
    ].sort((a, b) => byCodeUnits(a.path, b.path)).map((node) => [node.path, node]));
  }
}
