import { posix } from 'node:path';
import type { FlatNode, FlattenedImage } from '../../image/image.js';

/**
 * Most names that one row lists. A thousand links to one file are real (busybox, git); past that every link listing
 * every other would make the report quadratic.
 */
const MAX_OTHER_NAMES = 1_000;

/**
 * Where a symlink leads, as an absolute path: lexically, against its own folder, never above the root.
 * (The seed joins the wrong way round and gives a relative link's own path; spec: better.)
 */
export function linkDestination(node: FlatNode): string | null {
  if (node.entry.type !== 'symlink') return null;
  const target = node.entry.linkname ?? '';
  return posix.resolve('/', posix.dirname(node.path), target);
}

/** For every path that symlinks lead to: those symlinks, sorted. */
export function symlinksByDestination(image: FlattenedImage): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, string[]>();
  for (const node of image.nodes.values()) {
    const destination = linkDestination(node);
    if (destination === null) continue;
    const known = links.get(destination);
    if (known === undefined) links.set(destination, [node.path]);
    else if (known.length < MAX_OTHER_NAMES) known.push(node.path);
  }
  return links;
}

/**
 * Every name of the same thing, as far as one step of a link tells: itself, where it leads and how that is written,
 * its other hard links, and the symlinks that lead to it.
 */
export function otherNames(node: FlatNode, links: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const destination = linkDestination(node);
  const leading = links.get(node.path);
  if (destination === null && leading === undefined && node.otherNames.length === 0) return [node.path];
  const names = new Set([node.path]);
  if (destination !== null) names.add(destination).add(node.entry.linkname ?? '');
  for (const name of node.otherNames.slice(0, MAX_OTHER_NAMES)) names.add(name);
  for (const name of leading ?? []) names.add(name);
  names.delete('');
  return [...names];
}
