import type { FlatNode } from './image.js';
import { newRoot, type Children, type Content, type TreeNode } from './tree.js';

/** Lower layers, flattened: asked for a path at a time, so that what nobody asks for costs nothing. */
export interface Ground {
  /** By absolute path. */
  get(path: string): FlatNode | undefined;
  /** Names of what a directory holds, given its absolute path; the root's is the empty string. */
  namesIn(directory: string): readonly string[];
}

/** A tree that is filled from the ground as it is walked. */
export function groundRoot(ground: Ground): TreeNode {
  const root = newRoot();
  root.children = new GroundChildren(ground, '', root);
  return root;
}

/** What a directory of the ground holds, and what has changed there since. */
class GroundChildren implements Children {
  private readonly ground: Ground;
  private readonly path: string;
  private readonly directory: TreeNode;
  /** Whatever was asked for; undefined where there is nothing, or nothing any more. */
  private readonly known = new Map<string, TreeNode | undefined>();

  constructor(ground: Ground, path: string, directory: TreeNode) {
    this.ground = ground;
    this.path = path;
    this.directory = directory;
  }

  get(name: string): TreeNode | undefined {
    if (!this.known.has(name)) this.known.set(name, this.fromGround(name));
    return this.known.get(name);
  }

  set(name: string, node: TreeNode): void {
    this.known.set(name, node);
  }

  delete(name: string): boolean {
    const was = this.get(name) !== undefined;
    this.known.set(name, undefined);
    return was;
  }

  values(): IterableIterator<TreeNode> {
    for (const name of this.ground.namesIn(this.path)) this.get(name);
    return [...this.known.values()].filter((node) => node !== undefined).values();
  }

  private fromGround(name: string): TreeNode | undefined {
    const path = `${this.path}/${name}`;
    const found = this.ground.get(path);
    if (found === undefined) return undefined;
    const { entry, layer, content: index, size } = found;
    const content: Content | undefined = entry.type === 'file' || entry.type === 'hardlink' ? { layer: found.contentLayer ?? layer, index, size } : undefined;
    const node: TreeNode = { name, parent: this.directory, entry, layer, index, content, children: undefined };
    if (entry.type === 'directory') node.children = new GroundChildren(this.ground, path, node);
    return node;
  }
}
