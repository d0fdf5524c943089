import type { NamedPackage } from './packages.js';

type Known = Pick<NamedPackage, 'package' | 'ref'>;

/** Which of the image's packages a package says it needs: by name within its type, of several copies the one that it would get; never itself. */
export function neededOf<Named extends Known>(packages: readonly Named[]): (one: Named) => readonly Named[] {
  const byName = new Map<string, Named[]>();
  for (const named of packages) {
    const key = keyOf(named.package.type, nameOf(named));
    const group = byName.get(key);
    if (group === undefined) byName.set(key, [named]);
    else group.push(named);
  }
  return (named) => {
    const { type, path, dependencies } = named.package;
    const keys = new Set(dependencies.map((name) => keyOf(type, name)));
    return [...keys].flatMap((key) => {
      const found = byName.get(key) ?? [];
      const best = type === 'npm' ? resolved(found, path) : nearest(found, path);
      return best === undefined || best === named ? [] : [best];
    });
  };
}

/** Other names than the package's own, by which it is needed. */
function nameOf({ package: { type, name, purl } }: Known): string {
  const maven = type === 'java' ? /^pkg:maven\/([^/@?#]+)\/([^/@?#]+)/.exec(purl) : null;
  return maven === null ? name : `${decoded(maven[1])}:${decoded(maven[2])}`;
}

function decoded(part = ''): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Names that mean the same: PyPI's (PEP 503), and NuGet's, which have no case. */
function keyOf(type: string, name: string): string {
  const same = type === 'python' ? name.toLowerCase().replace(/[-_.]+/g, '-') : type === 'dotnet' ? name.toLowerCase() : name;
  return `${type} ${same}`;
}

/** What lies in an archive is told behind a colon: `/app.war:lib/a.jar`. */
const SEGMENTS = /[/:]/;

/** The one that lies next to it; of equally near ones the least deep. */
function nearest<Named extends Known>(found: readonly Named[], path: string): Named | undefined {
  if (found.length < 2) return found[0];
  const own = path.split(SEGMENTS);
  return best(found, (one) => {
    const its = one.package.path.split(SEGMENTS);
    return [shared(own, its), -its.length];
  });
}

/** How many segments two paths begin with alike. */
function shared(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count++;
  return count;
}

/** Where Debian's Node.js looks in the end (`NODE_PATH`). */
const SYSTEM_FOLDERS = /^\/usr\/(?:share|lib)\/nodejs\//;

/**
 * As Node.js finds packages: in the node_modules of its own folder, else of the folders above. A store that links lead into (pnpm's) is believed
 * where it has but one. Source: Node.js, "Loading from node_modules folders".
 */
function resolved<Named extends Known>(found: readonly Named[], path: string): Named | undefined {
  const seen = best(found.filter(({ package: one }) => reach(one.path, path) >= 0), ({ package: one }) => [reach(one.path, path)]);
  if (seen !== undefined) return seen;
  const store = path.indexOf('/node_modules/.pnpm/');
  const stored = store < 0 ? [] : found.filter(({ package: one }) => one.path.startsWith(path.slice(0, store + '/node_modules/.pnpm/'.length)));
  return stored.length === 1 ? stored[0] : undefined;
}

/** How deep the node_modules that holds a package is, if whoever lies at `from` looks there; else -1. A lock file's packages are in one place. */
function reach(packagePath: string, from: string): number {
  if (packagePath === from) return Infinity;
  const folder = /^(.*)\/node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.exec(packagePath)?.[1];
  if (folder !== undefined) return from.startsWith(`${folder}/`) ? folder.length : -1;
  return SYSTEM_FOLDERS.test(packagePath) ? 0 : -1;
}

/** The one with the greatest numbers, the first of which count most; by name where they are the same. */
function best<Named extends Known>(found: readonly Named[], numbersOf: (one: Named) => readonly number[]): Named | undefined {
  const rated = found.map((one) => ({ one, numbers: numbersOf(one) }));
  rated.sort((a, b) => compare(b.numbers, a.numbers) || (a.one.ref < b.one.ref ? -1 : 1));
  return rated[0]?.one;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0) > 0 ? 1 : -1;
}
