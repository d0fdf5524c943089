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
  const [all, sources, info, files] = [emptySection(), emptySection(), emptySection(), emptySection()];
  for (const found of packages) {
    all[found.name] ??= found.version;
    sources[found.name] ??= found.version;
    info[found.name] ??= pythonJson(infoOf(found));
    const { file } = namesOf(found.type);
    for (const path of found.files) files[path] ??= file;
  }
  for (const { source } of packages) if (source.name !== '') sources[source.name] ??= source.version;
  return {
    package_list: { 'pkgs.all': all, 'pkgs_plus_source.all': sources, 'pkgs.allinfo': info, 'pkgfiles.all': files },
    file_package_verify: { 'distro.pkgfilemeta': verificationSection(packages) },
  };
}

/** Without a prototype, so that a package or a path may be called anything. */
function emptySection(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

function namesOf(type: string): { readonly type: string; readonly file: string } {
  return NAMES[type as OsPackageType];
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
  const section = emptySection();
  const shared = new Map<string, Set<string>>();
  for (const { name, verification } of packages) {
    for (const file of verification) {
      const record = pythonJson(recordOf(name, file));
      const first = section[file.path];
      if (first === undefined) section[file.path] = record;
      // a package of two architectures states its shared files twice: a set
      else shared.set(file.path, (shared.get(file.path) ?? new Set([first])).add(record));
    }
  }
  for (const path in section) section[path] = `[${shared.has(path) ? [...(shared.get(path) ?? [])].join(', ') : section[path]}]`;
  return section;
}

function recordOf(name: string, { digest, digestAlgorithm, mode, user, group, size, conffile }: PackageFile): Readonly<Record<string, string | boolean | null>> {
  return { conffile, digest, digestalgo: digestAlgorithm, group, mode, package: name, size: size === null ? null : String(size), user };
}
