import type { LayerEntry } from '../../src/image/layer.js';

/** A path of the plain model: where it was said, and where its bytes are. */
export interface ModelNode { entry: LayerEntry; at: string; content: string | undefined }

/**
 * Flattening in the plainest way: one map from path to what is there, searched from end to end for everything below a path.
 * Written from the specification alone; slow.
 */
export function flattenPlainly(layers: readonly (readonly LayerEntry[])[]): Map<string, ModelNode> {
  const paths = new Map<string, ModelNode>();
  layers.forEach((entries, layer) => applyLayer(paths, entries, layer));
  return paths;
}

function applyLayer(paths: Map<string, ModelNode>, entries: readonly LayerEntry[], layer: number): void {
  for (const { path } of entries) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!name.startsWith('.wh.')) continue;
    const directory = resolve(paths, parentOf(path), false);
    if (directory === undefined) continue;
    if (name === '.wh..wh..opq') removeBelow(paths, directory);
    else remove(paths, join(directory, name.slice(4)));
  }
  const waiting: [LayerEntry, number][] = [];
  entries.forEach((entry, index) => {
    if (entry.path.includes('.wh.')) return;
    if (entry.type !== 'hardlink') put(paths, entry, `${layer}:${index}`, entry.type === 'file' ? `${layer}:${index}` : undefined);
    else if (!link(paths, entry, layer, index, true)) waiting.push([entry, index]);
  });
  for (const [entry, index] of waiting) if (!link(paths, entry, layer, index, false)) throw new Error('dangling');
}

function link(paths: Map<string, ModelNode>, entry: LayerEntry, layer: number, index: number, ownOnly: boolean): boolean {
  const directory = resolve(paths, parentOf(entry.linkname ?? ''), false);
  if (directory === undefined || entry.linkname === '') return false;
  const target = paths.get(join(directory, nameOf(entry.linkname ?? '')));
  if (!target || target.entry.type === 'directory' || (ownOnly && !target.at.startsWith(`${layer}:`))) return false;
  put(paths, target.content === undefined ? target.entry : entry, `${layer}:${index}`, target.content, entry.path);
  return true;
}

function put(paths: Map<string, ModelNode>, entry: LayerEntry, at: string, content: string | undefined, path = entry.path): void {
  if (path === '') return;
  const full = join(resolve(paths, parentOf(path), true) ?? '', nameOf(path));
  const merges = entry.type === 'directory' && paths.get(full)?.entry.type === 'directory';
  if (!merges) remove(paths, full);
  paths.set(full, { entry, at, content });
}

/** The real path of a directory, made where it is missing; every symbolic link is put in place of its name, and the walk begins anew. */
function resolve(paths: Map<string, ModelNode>, path: string, make: boolean): string | undefined {
  let segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  for (let rounds = 0; rounds <= 40; rounds++) {
    let at = '';
    let again = false;
    for (let index = 0; index < segments.length; index++) {
      const segment = segments[index] ?? '';
      if (segment === '..') {
        at = parentOf(at);
        continue;
      }
      const next = join(at, segment);
      const there = paths.get(next);
      if (there?.entry.type === 'symlink') {
        const target = there.entry.linkname ?? '';
        const base = target.startsWith('/') ? [] : at.split('/');
        segments = [...base, ...target.split('/'), ...segments.slice(index + 1)].filter((one) => one !== '' && one !== '.');
        again = true;
        break;
      }
      if (there?.entry.type !== 'directory') {
        if (!make) return undefined;
        remove(paths, next);
        paths.set(next, { entry: { path: next, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 }, at: 'implied', content: undefined });
      }
      at = next;
    }
    if (!again) return at;
  }
  if (!make) return undefined;
  throw new Error('circle');
}

function remove(paths: Map<string, ModelNode>, path: string): void {
  paths.delete(path);
  removeBelow(paths, path);
}

function removeBelow(paths: Map<string, ModelNode>, path: string): void {
  for (const other of [...paths.keys()]) if (path === '' || other.startsWith(`${path}/`)) paths.delete(other);
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
