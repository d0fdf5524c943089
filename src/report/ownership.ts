import { OS_PACKAGE_TYPES, type InstalledPackage } from '../analyzers/package.js';
import type { FlattenedImage } from '../image/image.js';

const OS_TYPES: ReadonlySet<string> = new Set(OS_PACKAGE_TYPES);

/** Of an operating system's package manager, not of a language's or application's. */
export function isOsPackage(installed: { readonly type: string }): boolean {
  return OS_TYPES.has(installed.type);
}

/** A package with the operating system's package that owns the file it was found in; the empty string where none does. */
export interface CataloguedPackage extends InstalledPackage {
  readonly ownedBy: string;
}

/**
 * Marks language packages that the operating system's package manager brought (python3-requests' dist-info, gems of dpkg):
 * they are listed, and matched by the operating system's advisories only.
 */
export function markOwned(packages: readonly InstalledPackage[], image: Pick<FlattenedImage, 'nodes'>): CataloguedPackage[] {
  const owners = ownersOf(packages.filter(isOsPackage), image);
  return packages.map((installed) => ({
    ...installed,
    ownedBy: isOsPackage(installed) ? '' : ownerOf(installed, owners),
  }));
}

function ownerOf(installed: InstalledPackage, owners: ReadonlyMap<string, string>): string {
  const [file = ''] = installed.location.split(':', 1);
  return owners.get(file) ?? owners.get(installed.files[0] ?? '') ?? '';
}

function ownersOf(packages: readonly InstalledPackage[], image: Pick<FlattenedImage, 'nodes'>): Map<string, string> {
  const owners = new Map<string, string>();
  const claim = (path: string, name: string): void => { if (!owners.has(path)) owners.set(path, name); };
  for (const { name, files } of packages) {
    for (const file of files) {
      claim(file, name);
      // package databases still say /lib/x where /lib has become a link to /usr/lib
      claim(throughLinks(file, image), name);
    }
  }
  return owners;
}

function throughLinks(path: string, image: Pick<FlattenedImage, 'nodes'>): string {
  const top = path.indexOf('/', 1);
  if (top === -1) return path;
  const node = image.nodes.get(path.slice(0, top));
  if (node?.entry.type !== 'symlink' || node.entry.linkname === undefined) return path;
  return `/${node.entry.linkname.replace(/^\/+/, '')}${path.slice(top)}`;
}
