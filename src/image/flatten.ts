import { ImageError } from '../errors.js';
import { byCodeUnits } from '../text/order.js';
import { printablePath, splitPath } from '../text/path.js';
import { flatNodes } from './flatNodes.js';
import { groundRoot, type Ground } from './ground.js';
import type { FlatNode, FlattenedImage, HiddenEntry } from './image.js';
import type { LayerEntry } from './layer.js';
import { below, directoryAt, implied, newRoot, pathIn, pathOf, type Content, type TreeNode } from './tree.js';
import { whiteoutOf } from './whiteout.js';

/**
 * Lays the layers over each other, base first, as a container engine does.
 * Source: OCI image specification 1.1, layer.md, "Applying Changesets".
 * @throws ImageError for what no engine can unpack: a hard link to nothing, entries behind a circle of links.
 */
export function flatten(layers: readonly (readonly LayerEntry[])[]): FlattenedImage {
  const flattening = new Flattening();
  layers.forEach((entries, layer) => flattening.apply(entries, layer));
  return { nodes: flattening.nodes(), hidden: flattening.hidden };
}

/** What layers change of what lies below them. */
export interface Overlay {
  /** What stands at each path that they say something of; undefined where nothing is left. Sorted by path. */
  readonly changed: ReadonlyMap<string, FlatNode | undefined>;
  /** What they hide: entries of the layers below, and of their own. */
  readonly hidden: readonly HiddenEntry[];
}

/**
 * Lays layers over a ground of lower ones that are flattened already; costs what the layers hold, not what lies below.
 * Undefined where a file below has several names (hard links) and one of them comes or goes: then all is to be laid out anew.
 * @param first index of the first of the layers
 * @throws ImageError as `flatten`
 */
export function flattenOver(ground: Ground, layers: readonly (readonly LayerEntry[])[], first: number): Overlay | undefined {
  const changed = new Set<string>();
  const flattening = new Flattening(groundRoot(ground), changed);
  layers.forEach((entries, layer) => flattening.apply(entries, first + layer));
  if ([...changed].some((path) => hasOtherNames(ground.get(path)))) return undefined;
  const nodes = flattening.nodesAt([...changed].sort(byCodeUnits));
  const linked = [...nodes.values()].some((node) => node !== undefined && node.entry.type === 'hardlink' && (node.contentLayer ?? node.layer) < first);
  return linked ? undefined : { changed: nodes, hidden: flattening.hidden };
}

function hasOtherNames(node: FlatNode | undefined): boolean {
  return node !== undefined && (node.entry.type === 'hardlink' || node.contentLayer !== undefined || node.otherNames.length > 0);
}

class Flattening {
  readonly hidden: HiddenEntry[] = [];
  private readonly root: TreeNode;
  private readonly changed: Set<string> | undefined;

  /** @param changed gathers the paths that layers say something of */
  constructor(root = newRoot(), changed?: Set<string>) {
    this.root = root;
    this.changed = changed;
  }

  /** Whiteouts speak of lower layers alone, wherever they stand in their own; so they all go first. */
  apply(entries: readonly LayerEntry[], layer: number): void {
    for (const { path } of entries) this.erase(path, layer);
    const waiting: number[] = [];
    entries.forEach((entry, index) => {
      if (whiteoutOf(entry.path)) return;
      if (entry.type === 'hardlink') {
        if (!this.link(entry, layer, index, 'own')) waiting.push(index);
      } else this.put(entry, layer, index, contentOf(entry, layer, index));
    });
    for (const index of waiting) {
      const entry = entries[index];
      if (entry && !this.link(entry, layer, index, 'any')) throw danglingLink(entry);
    }
  }

  /** Sorted by path. */
  nodes(): ReadonlyMap<string, FlatNode> {
    const found: [path: string, node: TreeNode][] = [];
    for (const node of below(this.root)) found.push([pathOf(node), node]);
    found.sort(([left], [right]) => (left < right ? -1 : 1));
    return flatNodes(found);
  }

  /** What stands at the paths, which come sorted; all names of a file must be among them. */
  nodesAt(paths: readonly string[]): ReadonlyMap<string, FlatNode | undefined> {
    const standing = paths.flatMap((path) => {
      const node = this.nodeAt(path);
      return node === undefined ? [] : [[path, node] as const];
    });
    const nodes = flatNodes(standing);
    return new Map(paths.map((path) => [path, nodes.get(path)]));
  }

  /** Without following links: the path is one that a node has. */
  private nodeAt(path: string): TreeNode | undefined {
    return path.slice(1).split('/').reduce<TreeNode | undefined>((node, name) => node?.children?.get(name), this.root);
  }

  private erase(path: string, layer: number): void {
    const whiteout = whiteoutOf(path);
    if (!whiteout || whiteout.kind === 'bookkeeping') return;
    if (whiteout.kind === 'opaque') {
      const directory = directoryAt(this.root, whiteout.directory);
      for (const child of directory?.children?.values() ?? []) this.remove(child, layer);
      return;
    }
    const [parent, name] = splitPath(whiteout.path);
    const child = directoryAt(this.root, parent)?.children?.get(name);
    if (child) this.remove(child, layer);
  }

  private put(entry: LayerEntry, layer: number, index: number, content: Content | undefined): void {
    if (entry.path === '') {
      Object.assign(this.root, entry.type === 'directory' ? { entry, layer, index } : {});
      return;
    }
    const [directory, name] = splitPath(entry.path);
    const parent = this.parentFor(directory, layer);
    const old = parent.children?.get(name);
    this.changed?.add(pathIn(parent, name));
    if (old?.children && entry.type === 'directory') {
      Object.assign(old, { entry, layer, index });
      return;
    }
    if (old) this.remove(old, layer);
    const children = entry.type === 'directory' ? new Map<string, TreeNode>() : undefined;
    parent.children?.set(name, { name, parent, entry, layer, index, content, children });
  }

  /** @returns false when there is no target (yet). `own`: it must be of the same layer. */
  private link(entry: LayerEntry, layer: number, index: number, where: 'own' | 'any'): boolean {
    const [directory, name] = splitPath(entry.linkname ?? '');
    const target = directoryAt(this.root, directory)?.children?.get(name);
    if (!target || target.children || (where === 'own' && target.layer !== layer)) return false;
    const linked = target.content ? entry : { ...target.entry, path: entry.path };
    this.put(linked, layer, index, target.content);
    return true;
  }

  private parentFor(directory: string, layer: number): TreeNode {
    return directoryAt(this.root, directory, (parent, name) => {
      const old = parent.children?.get(name);
      if (old) this.remove(old, layer);
      const path = pathIn(parent, name);
      this.changed?.add(path);
      const made: TreeNode = { name, parent, layer, ...implied(path.slice(1)) };
      parent.children?.set(name, made);
      return made;
    });
  }

  private remove(node: TreeNode, by: number): void {
    const all = [node, ...below(node)];
    if (this.changed) for (const gone of all) this.changed.add(pathOf(gone));
    node.parent?.children?.delete(node.name);
    for (const gone of all) {
      if (gone.index >= 0) this.hidden.push({ path: `/${gone.entry.path}`, layer: gone.layer, entry: gone.index, hiddenBy: by });
    }
  }
}

function contentOf(entry: LayerEntry, layer: number, index: number): Content | undefined {
  return entry.type === 'file' ? { layer, index, size: entry.size } : undefined;
}

function danglingLink(entry: LayerEntry): ImageError {
  return new ImageError(`The hard link ${printablePath(entry.path)} leads to ${printablePath(entry.linkname ?? '')}, which its layer does not hold, so no engine can unpack it. Build the image again.`);
}
