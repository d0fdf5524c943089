import { ImageError } from '../errors.js';
import { printablePath } from '../text/path.js';
import type { LayerEntry } from './layer.js';

/** Where the bytes of a file stand: one object for all its names, so hard links share it. */
export interface Content {
  readonly layer: number;
  readonly index: number;
  readonly size: number;
}

/** What a directory holds, by name. A map; or one that is filled as it is asked (ground.ts). */
export interface Children {
  get(name: string): TreeNode | undefined;
  set(name: string, node: TreeNode): unknown;
  delete(name: string): boolean;
  values(): IterableIterator<TreeNode>;
}

/** A name in the tree. What it is, is its entry's to say; a directory has children. */
export interface TreeNode {
  readonly name: string;
  readonly parent: TreeNode | undefined;
  entry: LayerEntry;
  layer: number;
  /** Index of `entry` in its layer; -1 for a directory that no entry makes. */
  index: number;
  content: Content | undefined;
  children: Children | undefined;
}

/** As Linux: a path that leads through more symbolic links leads in a circle. */
const MAX_LINKS = 40;

/** The root of an image in which nothing is yet. */
export function newRoot(): TreeNode {
  return { name: '', parent: undefined, ...implied(''), layer: 0 };
}

/** A directory that must be there because something is below it; engines make it root's, mode 755. */
export function implied(path: string): Pick<TreeNode, 'entry' | 'index' | 'content'> & { readonly children: Children } {
  return { entry: { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 }, index: -1, content: undefined, children: new Map() };
}

/** Absolute; the root's is the empty string. */
export function pathOf(node: TreeNode): string {
  const names: string[] = [];
  for (let at: TreeNode | undefined = node; at?.parent; at = at.parent) names.push(at.name);
  return names.length === 0 ? '' : `/${names.reverse().join('/')}`;
}

/** Absolute path of what a directory holds under a name. */
export function pathIn(parent: TreeNode, name: string): string {
  return `${pathOf(parent)}/${name}`;
}

/** Everything below a directory; no recursion, so depth cannot hurt it. */
export function* below(directory: TreeNode): Generator<TreeNode> {
  const todo = [...(directory.children?.values() ?? [])];
  for (let node = todo.pop(); node; node = todo.pop()) {
    yield node;
    for (const child of node.children?.values() ?? []) todo.push(child);
  }
}

/**
 * Follows a path to a directory, through symbolic links, as in a chroot to the image's root.
 * @param make makes a directory where there is none. Without it, what is not there is undefined.
 * @throws ImageError when the links lead in a circle and a directory is to be made.
 */
export function directoryAt(root: TreeNode, path: string): TreeNode | undefined;
export function directoryAt(root: TreeNode, path: string, make: (parent: TreeNode, name: string) => TreeNode): TreeNode;
export function directoryAt(root: TreeNode, path: string, make?: (parent: TreeNode, name: string) => TreeNode): TreeNode | undefined {
  const todo = path === '' ? [] : path.split('/').reverse();
  let at = root;
  let linksLeft = MAX_LINKS;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at = at.parent ?? root;
      continue;
    }
    const child = at.children?.get(name);
    if (child?.entry.type === 'symlink') {
      if (linksLeft-- === 0) return make && inACircle(path);
      const target = child.entry.linkname ?? '';
      if (target.startsWith('/')) at = root;
      todo.push(...target.split('/').reverse());
      continue;
    }
    const next = child?.children ? child : make?.(at, name);
    if (!next) return undefined;
    at = next;
  }
  return at;
}

function inACircle(path: string): never {
  throw new ImageError(`The entries below ${printablePath(path)} lie behind symbolic links that lead in a circle, so no engine can unpack them. Build the image without them.`);
}
