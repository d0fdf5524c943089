import { field, isObject, text, type JsonObject } from '../packageJson.js';
import { isLocal, refuseTooMany, type Locked } from './locked.js';

/** Levels of `dependencies` within `dependencies` that are read: as deep as node_modules were ever nested. */
const DEEPEST = 200;

/**
 * package-lock.json and npm-shrinkwrap.json: lockfileVersion 2 and 3 by `packages` (path → package), 1 by nested `dependencies`.
 * What only development needs is left out, as it is by `npm ci --omit=dev` (which installs what is `devOptional`: something optional needs it too). Source: npm documentation, package-lock.json.
 */
export function readPackageLock(json: unknown): Locked[] {
  if (!isObject(json)) return [];
  const packages = field(json, 'packages');
  if (isObject(packages)) {
    const paths = Object.entries(packages);
    refuseTooMany(paths.length);
    return paths.flatMap(([path, value]) => ofPath(path, value));
  }
  const locked: Locked[] = [];
  addNested(field(json, 'dependencies'), 0, locked);
  return locked;
}

function ofPath(path: string, value: unknown): Locked[] {
  const folder = path.lastIndexOf('node_modules/');
  if (folder < 0 || !isObject(value) || isLeftOut(value)) return [];
  return [locked(text(value, 'name') || path.slice(folder + 'node_modules/'.length), value)];
}

function addNested(dependencies: unknown, depth: number, found: Locked[]): void {
  if (!isObject(dependencies) || depth > DEEPEST) return;
  for (const [name, value] of Object.entries(dependencies)) {
    if (!isObject(value) || isLeftOut(value)) continue;
    found.push(locked(name, value));
    refuseTooMany(found.length);
    addNested(field(value, 'dependencies'), depth + 1, found);
  }
}

function isLeftOut(value: JsonObject): boolean {
  return field(value, 'dev') === true || field(value, 'link') === true || field(value, 'extraneous') === true
    || isLocal(text(value, 'version'));
}

function locked(name: string, value: JsonObject): Locked {
  const alias = aliasOf(text(value, 'version'));
  const needed = field(value, 'requires') ?? field(value, 'dependencies');
  const license = text(value, 'license');
  return {
    name: alias?.name ?? name,
    version: alias?.version ?? text(value, 'version'),
    resolved: text(value, 'resolved'),
    integrity: text(value, 'integrity'),
    licenses: license === '' ? [] : [license],
    dependencies: isObject(needed) ? Object.keys(needed).sort() : [],
  };
}

/** Version 1 writes an alias as `npm:other@1.0.0`. */
function aliasOf(version: string): { readonly name: string; readonly version: string } | undefined {
  const at = version.lastIndexOf('@');
  return version.startsWith('npm:') && at > 4 ? { name: version.slice(4, at), version: version.slice(at + 1) } : undefined;
}
