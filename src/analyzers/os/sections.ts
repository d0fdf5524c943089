import type { ReportSections, Section } from '../analyzer.js';
import type { InstalledPackage, OsPackageType, PackageFile } from '../package.js';
import { pythonJson } from '../../text/python-json.js';

/** The seed's word for what is not known. */
const UNKNOWN = 'N/A';

/** What the seed calls a type, and a file of it; types that it does not know are named like its own. */
const NAMES: Readonly<Record<OsPackageType, { readonly type: string; readonly file: string }>> = {
  dpkg: { type: 'dpkg', file: 'DPKGFILE' },
  rpm: { type: 'rpm', file: 'RPMFILE' },
  apk: { type: 'APKG', file: 'APKFILE' },
  pacman: { type: 'pacman', file: 'PACMANFILE' },
  portage: { type: 'portage', file: 'PORTAGEFILE' },
  opkg: { type: 'opkg', file: 'OPKGFILE' },
};

/**
 * The parts of the report that speak of operating systems' packages: `package_list` and `file_package_verify`.
 * A name that several packages share (two architectures, several kernels) keeps its first row, as in the seed; the inventory has them all.
 * Source of the formats: Anchore Engine 0.8.1 (analyzers/utils.py, modules/10_package_list.py, 31_file_package_verify.py)
 * and 1.1.0 (analyzers/syft/handlers).
 */
export function osPackageSections(packages: readonly InstalledPackage[]): ReportSections {
  const all: [string, string][] = packages.map(({ name, version }) => [name, version]);
  const sources: [string, string][] = packages.filter(({ source }) => source.name !== '').map(({ source }) => [source.name, source.version]);
  return {
    package_list: {
      'pkgs.all': firstOfEach(all),
      'pkgs_plus_source.all': firstOfEach([...all, ...sources]),
      'pkgs.allinfo': firstOfEach(packages.map((found) => [found.name, pythonJson(infoOf(found))])),
      'pkgfiles.all': firstOfEach(packages.flatMap(({ type, files }) => files.map((path): [string, string] => [path, namesOf(type).file]))),
    },
    file_package_verify: { 'distro.pkgfilemeta': verificationSection(packages) },
  };
}

function namesOf(type: string): { readonly type: string; readonly file: string } {
  return NAMES[type as OsPackageType];
}

function firstOfEach(rows: Iterable<[string, string]>): Section {
  const section = new Map<string, string>();
  for (const [key, value] of rows) if (!section.has(key)) section.set(key, value);
  return Object.fromEntries(section);
}

/** A value of `pkgs.allinfo`. */
function infoOf(found: InstalledPackage): Readonly<Record<string, string | readonly string[]>> {
  const { type, name, size, architecture, origin, files } = found;
  const info = {
    ...splitVersion(found),
    arch: architecture || UNKNOWN,
    size: size === null ? UNKNOWN : String(size),
    origin: origin || UNKNOWN,
    license: found.licenses.join(' ') || UNKNOWN,
    sourcepkg: sourceOf(found),
    type: namesOf(type).type,
  };
  switch (type) {
    case 'dpkg':
      return {
        ...info,
        // the database counts KiB, which the seed takes for kB
        size: size === null ? UNKNOWN : String((size / 1024) * 1000),
        origin: origin === '' ? UNKNOWN : `${origin} (maintainer)`,
        license: [...new Set(found.licenses.map((license) => license.split(' ', 1)[0]))].join(' ') || 'Unknown',
      };
    case 'rpm':
      return { ...info, origin: origin || '(none)' };
    case 'apk':
      return { name, ...info, files };
    default:
      return info;
  }
}

/** apk and rpm versions are split at the last hyphen; a dpkg version stays whole. */
function splitVersion({ type, version }: InstalledPackage): { version: string; release: string } {
  const hyphen = type === 'dpkg' || type === 'opkg' ? -1 : version.lastIndexOf('-');
  return hyphen <= 0 ? { version, release: UNKNOWN } : { version: version.slice(0, hyphen), release: version.slice(hyphen + 1) || UNKNOWN };
}

/** dpkg: `NAME-VERSION`; rpm: the source package's file name; others: its name. */
function sourceOf({ type, source, metadata }: InstalledPackage): string {
  if (type === 'rpm') return metadata['sourceRpm'] ?? UNKNOWN;
  if (source.name === '') return UNKNOWN;
  return type === 'dpkg' ? `${source.name}-${source.version}` : source.name;
}

function verificationSection(packages: readonly InstalledPackage[]): Section {
  // a package of two architectures states its shared files twice: a set
  const byPath = new Map<string, Set<string>>();
  for (const { name, verification } of packages) {
    for (const file of verification) {
      const record = pythonJson(recordOf(name, file));
      const records = byPath.get(file.path);
      if (records === undefined) byPath.set(file.path, new Set([record]));
      else records.add(record);
    }
  }
  return Object.fromEntries([...byPath].map(([path, records]) => [path, `[${[...records].join(', ')}]`]));
}

function recordOf(name: string, { digest, digestAlgorithm, mode, user, group, size, conffile }: PackageFile): Readonly<Record<string, string | boolean | null>> {
  return { conffile, digest, digestalgo: digestAlgorithm, group, mode, package: name, size: size === null ? null : String(size), user };
}
