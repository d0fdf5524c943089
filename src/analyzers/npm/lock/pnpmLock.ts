import { indentedLines } from './indented.js';
import { isLocal, refuseTooMany, type Locked } from './locked.js';

interface Draft {
  name: string;
  version: string;
  integrity: string;
  dev: boolean;
  readonly dependencies: string[];
}

/** Keys right below a package that list names. */
const NEEDS: ReadonlySet<string> = new Set(['dependencies', 'optionalDependencies']);

/**
 * pnpm-lock.yaml, versions 5 to 9: the keys of `packages` (and in 9 of `snapshots`, which have the dependencies).
 * What only development needs is left out where the file says it (before version 9).
 * Source: pnpm/spec lockfile/5.md, 6.0.md, 9.0.md.
 */
export function readPnpmLock(text: string): Locked[] {
  const found = new Map<string, Draft>();
  let section = '';
  let current: Draft | undefined;
  let block = '';
  for (const { key, value, indent } of indentedLines(text)) {
    if (indent === 0) {
      section = key;
      current = undefined;
    } else if (section !== 'packages' && section !== 'snapshots') {
      continue;
    } else if (indent === 2) {
      current = packageOf(key, found);
      refuseTooMany(found.size);
    } else if (current !== undefined && indent === 4) {
      block = key;
      set(current, key, value);
    } else if (current !== undefined && indent === 6 && NEEDS.has(block)) {
      current.dependencies.push(key);
    }
  }
  return [...found.values()]
    .filter(({ dev, version }) => !dev && version !== '' && !isLocal(version))
    .map(({ name, version, integrity, dependencies }) => ({ name, version, integrity, dependencies, resolved: '', licenses: [] }));
}

function packageOf(key: string, found: Map<string, Draft>): Draft {
  const { name, version } = splitKey(key);
  const id = `${name}@${version}`;
  const draft = found.get(id) ?? { name, version, integrity: '', dev: false, dependencies: [] };
  found.set(id, draft);
  return draft;
}

function set(draft: Draft, key: string, value: string): void {
  if (key === 'name') draft.name = value;
  else if (key === 'version') draft.version = value;
  else if (key === 'dev') draft.dev = value === 'true';
  else if (key === 'resolution') draft.integrity = /integrity: ([^,}\s]+)/.exec(value)?.[1] ?? '';
}

/** `/@scope/name/1.0.0_peer@2.0.0` (5), `/@scope/name@1.0.0(peer@2.0.0)` (6), `@scope/name@1.0.0` (9). */
function splitKey(key: string): { readonly name: string; readonly version: string } {
  const path = (key.startsWith('/') ? key.slice(1) : key).split('(', 1)[0] ?? '';
  const at = path.indexOf('@', 1);
  const slash = path.indexOf('/', path.startsWith('@') ? path.indexOf('/') + 1 : 0);
  if (at > 0 && (slash < 0 || at < slash)) return { name: path.slice(0, at), version: path.slice(at + 1) };
  return slash < 0 ? { name: path, version: '' } : { name: path.slice(0, slash), version: path.slice(slash + 1).split('_', 1)[0] ?? '' };
}
