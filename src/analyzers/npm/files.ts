import { isPublished } from '../packageFile/published.js';

/** The files that state npm's packages, by where they are. */
export type NpmFileKind = 'manifest' | 'package-lock' | 'yarn-lock' | 'pnpm-lock' | 'bun-lock' | 'cache-zip';

const LOCK_FILES: ReadonlyMap<string, NpmFileKind> = new Map([
  ['package-lock.json', 'package-lock'],
  ['npm-shrinkwrap.json', 'package-lock'],
  ['yarn.lock', 'yarn-lock'],
  ['pnpm-lock.yaml', 'pnpm-lock'],
  ['bun.lock', 'bun-lock'],
]);

/**
 * What kind of file this is, or undefined. Lock files that packages were published with bind nobody.
 */
export function npmFileKind(path: string): NpmFileKind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'package.json') return 'manifest';
  const lock = LOCK_FILES.get(name);
  if (lock !== undefined) return isPublished(path) ? undefined : lock;
  return name.endsWith('.zip') && /(?:^|\/)\.yarn\/(?:berry\/)?cache\/[^/]+$/.test(path) ? 'cache-zip' : undefined;
}

/** The folders that have a node_modules with this package.json in it: `/app` and `/app/node_modules/a` for `/app/node_modules/a/node_modules/b/package.json`. */
export function installingFolders(path: string): string[] {
  return [...path.matchAll(/\/node_modules\//g)].map(({ index }) => path.slice(0, index));
}
