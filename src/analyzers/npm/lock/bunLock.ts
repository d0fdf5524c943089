import { field, isObject } from '../packageJson.js';
import { isLocal, refuseTooMany, splitSpecifier, type Locked } from './locked.js';

/**
 * bun.lock, Bun's text lock file: JSON with trailing commas; `packages` maps a name to `["name@version", registry, {dependencies}, integrity]`.
 * Its binary forerunner bun.lockb is not read. Source: bun.sh documentation, "Lockfile"; oven-sh/bun, bun.lock.zig.
 */
export function readBunLock(json: unknown): Locked[] {
  const packages = isObject(json) ? field(json, 'packages') : undefined;
  if (!isObject(packages)) return [];
  const rows = Object.values(packages);
  refuseTooMany(rows.length);
  return rows.flatMap((row): Locked[] => {
    const [specifier, , info, integrity]: unknown[] = Array.isArray(row) ? row : [];
    if (typeof specifier !== 'string') return [];
    const { name, version } = splitSpecifier(specifier);
    if (isLocal(version)) return [];
    const needed = isObject(info) ? field(info, 'dependencies') : undefined;
    return [{
      name, version, resolved: '', integrity: typeof integrity === 'string' ? integrity : '', licenses: [],
      dependencies: isObject(needed) ? Object.keys(needed).sort() : [],
    }];
  });
}
