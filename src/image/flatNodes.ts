import type { FlatNode } from './image.js';
import type { Content, TreeNode } from './tree.js';

/** git has some 140 names for one program. A file of a million names would else be a list of a million for each of them. */
const MAX_OTHER_NAMES = 1000;

const NONE: readonly string[] = [];

/** Nodes of a tree as those of a flattened image. @param sorted by path; all names of a file that has several must be among them */
export function flatNodes(sorted: readonly (readonly [path: string, node: TreeNode])[]): ReadonlyMap<string, FlatNode> {
  const names = namesOf(sorted);
  return new Map(sorted.map(([path, node]) => [path, flatNode(path, node, names)]));
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
