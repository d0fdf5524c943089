import { ImageError } from '../errors.js';
import { printablePath, splitPath } from '../text/path.js';
import type { FlatNode, FlattenedImage, HiddenEntry } from './image.js';
import type { LayerEntry } from './layer.js';
import { directoryAt, implied, newRoot, pathOf, type Content, type TreeNode } from './tree.js';
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

class Flattening {
  readonly hidden: HiddenEntry[] = [];
  private readonly root = newRoot();

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
    const names = namesOf(found);
    return new Map(found.map(([path, node]) => [path, flatNode(path, node, names)]));
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
      const made: TreeNode = { name, parent, layer, ...implied(pathOf(parent).slice(1) + (parent.parent ? '/' : '') + name) };
      parent.children?.set(name, made);
      return made;
    });
  }

  private remove(node: TreeNode, by: number): void {
    node.parent?.children?.delete(node.name);
    for (const gone of [node, ...below(node)]) {
      if (gone.index >= 0) this.hidden.push({ path: `/${gone.entry.path}`, layer: gone.layer, entry: gone.index, hiddenBy: by });
    }
  }
}

function contentOf(entry: LayerEntry, layer: number, index: number): Content | undefined {
  return entry.type === 'file' ? { layer, index, size: entry.size } : undefined;
}

/** Everything below a directory; no recursion, so depth cannot hurt it. */
function* below(directory: TreeNode): Generator<TreeNode> {
  const todo = [...(directory.children?.values() ?? [])];
  for (let node = todo.pop(); node; node = todo.pop()) {
    yield node;
    for (const child of node.children?.values() ?? []) todo.push(child);
  }
}

/** All names of each file that has several, sorted. */
function namesOf(sorted: readonly (readonly [path: string, node: TreeNode])[]): Map<Content, string[]> {
  const shared = new Set(sorted.flatMap(([, { entry, content }]) => (entry.type === 'hardlink' && content ? [content] : [])));
  const names = new Map<Content, string[]>();
  for (const [path, { content }] of sorted) {
    if (!content || !shared.has(content)) continue;
    const same = names.get(content);
    if (same) same.push(path);
    else names.set(content, [path]);
  }
  return names;
}

function flatNode(path: string, node: TreeNode, names: ReadonlyMap<Content, readonly string[]>): FlatNode {
  const { entry, layer, content } = node;
  const same = content ? names.get(content) ?? [] : [];
  return {
    path,
    entry,
    layer,
    content: content?.index ?? node.index,
    ...(content && content.layer !== layer ? { contentLayer: content.layer } : {}),
    size: content?.size ?? 0,
    otherNames: same.length < 2 ? NONE : same.slice(0, MAX_OTHER_NAMES).filter((other) => other !== path),
  };
}

const NONE: readonly string[] = [];
/** git has some 140 names for one program. A file of a million names would else be a list of a million for each of them. */
const MAX_OTHER_NAMES = 1000;

function danglingLink(entry: LayerEntry): ImageError {
  return new ImageError(`The hard link ${printablePath(entry.path)} leads to ${printablePath(entry.linkname ?? '')}, which its layer does not hold, so no engine can unpack it. Build the image again.`);
}
