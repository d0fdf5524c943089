import { indentedLines, unquoted } from './indented.js';
import { isLocal, refuseTooMany, splitSpecifier, type Locked } from './locked.js';

interface Draft {
  name: string;
  version: string;
  resolved: string;
  integrity: string;
  local: boolean;
  readonly dependencies: string[];
}

/**
 * yarn.lock of version 1 (`lodash@^4.17.0, lodash@^4.17.21:` / `version "4.17.21"`) and of Berry (`"lodash@npm:^4.17.0":` / `version: 4.17.21`
 * / `resolution: "lodash@npm:4.17.21"`). Neither says what only development needs: all is listed.
 * Source: yarnpkg/yarn src/lockfile/parse.js; yarnpkg/berry, Project.ts.
 */
export function readYarnLock(text: string): Locked[] {
  const found: Draft[] = [];
  let current: Draft | undefined;
  let block = '';
  for (const { key, value, indent } of indentedLines(text)) {
    if (indent === 0) {
      current = key === '__metadata' ? undefined : newDraft(key);
      if (current !== undefined) found.push(current);
      refuseTooMany(found.length);
    } else if (current !== undefined && indent <= 2) {
      block = key;
      set(current, key, value);
    } else if (current !== undefined && (block === 'dependencies' || block === 'optionalDependencies')) {
      current.dependencies.push(key);
    }
  }
  return found.filter(({ local, version }) => !local && !isLocal(version)).map((draft) => ({ ...draft, licenses: [] }));
}

/** The registry's own name of a package counts: `resolutions` may put another in its place. */
const REGISTRY = /^https:\/\/registry\.(?:yarnpkg\.com|npmjs\.org)\/((?:@[\w.-]{1,214}\/)?[\w.-]{1,214})\/-\//;

function newDraft(key: string): Draft {
  const { name, version } = splitSpecifier(unquoted((key.split(', ', 1)[0] ?? '').trim()));
  const alias = version.startsWith('npm:') ? splitSpecifier(version.slice(4)) : undefined;
  return { name: alias !== undefined && alias.version !== '' ? alias.name : name, version: '', resolved: '', integrity: '', local: isLocal(version), dependencies: [] };
}

function set(draft: Draft, key: string, value: string): void {
  if (key === 'version') draft.version = value;
  else if (key === 'resolved') {
    draft.resolved = value;
    draft.name = REGISTRY.exec(value)?.[1] ?? draft.name;
  }
  else if (key === 'integrity' || key === 'checksum') draft.integrity = value;
  else if (key === 'resolution') {
    const { name, version } = splitSpecifier(value);
    draft.name = name;
    draft.resolved = value;
    draft.local = isLocal(version);
  }
}
