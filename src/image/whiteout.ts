import { splitPath } from '../text/path.js';

/** What an entry's name says about lower layers. Source: OCI image specification 1.1, layer.md, whiteouts; AUFS for `.wh..wh.`. */
export type Whiteout =
  | { readonly kind: 'removes'; readonly path: string }
  | { readonly kind: 'opaque'; readonly directory: string }
  /** AUFS's own bookkeeping (`.wh..wh.plnk` …), which engines pass over. */
  | { readonly kind: 'bookkeeping' };

const PREFIX = '.wh.';
const META_PREFIX = '.wh..wh.';

/** Undefined for an ordinary entry. */
export function whiteoutOf(path: string): Whiteout | undefined {
  if (!path.includes(PREFIX)) return undefined;
  const [directory, name] = splitPath(path);
  // Below a bookkeeping directory everything is bookkeeping.
  if (path.startsWith(META_PREFIX) && directory !== '') return { kind: 'bookkeeping' };
  if (!name.startsWith(PREFIX)) return undefined;
  if (name === '.wh..wh..opq') return { kind: 'opaque', directory };
  if (name.startsWith(META_PREFIX)) return { kind: 'bookkeeping' };
  const removed = name.slice(PREFIX.length);
  if (removed === '' || removed === '.' || removed === '..') return { kind: 'bookkeeping' };
  return { kind: 'removes', path: directory === '' ? removed : `${directory}/${removed}` };
}
