import type { FlatNode, FlattenedImage } from '../../image/image.js';

/** As many links as Linux follows in one path before it says ELOOP. */
const MOST_LINKS = 40;

/**
 * The node that an absolute path leads to when links are followed, as in a container: `/etc/os-release` → `/usr/lib/os-release`.
 * Undefined where there is none, or where links go in circles.
 */
export function nodeAt(image: FlattenedImage, path: string): FlatNode | undefined {
  const direct = image.nodes.get(path);
  if (direct !== undefined && direct.entry.type !== 'symlink') return direct;
  const ahead = segmentsOf(path).reverse();
  const behind: string[] = [];
  let links = 0;
  for (let segment = ahead.pop(); segment !== undefined; segment = ahead.pop()) {
    if (segment === '..') {
      behind.pop();
      continue;
    }
    const target = image.nodes.get(`/${[...behind, segment].join('/')}`)?.entry;
    if (target?.type !== 'symlink' || target.linkname === undefined) {
      behind.push(segment);
      continue;
    }
    if (++links > MOST_LINKS) return undefined;
    if (target.linkname.startsWith('/')) behind.length = 0;
    ahead.push(...segmentsOf(target.linkname).reverse());
  }
  return image.nodes.get(`/${behind.join('/')}`);
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}
