import { PackageURL } from 'packageurl-js';
import type { AnalysisReport } from './document.js';
import { baseOf, jsonIn, said } from './readSection.js';
import type { ScannedPackage } from './scanned.js';

/** A value of a package output in the seed's shape: any of these, all as they come. */
interface ForeignPackage {
  readonly name?: string;
  readonly version?: string;
  readonly versions?: readonly string[];
  readonly release?: string;
  readonly arch?: string;
  readonly license?: string;
  readonly lics?: readonly string[];
  readonly sourcepkg?: string;
  readonly type?: string;
  readonly location?: string;
  readonly 'maven-version'?: string;
  readonly 'implementation-version'?: string;
  readonly 'specification-version'?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const OS_TYPES: Readonly<Record<string, string>> = { dpkg: 'dpkg', rpm: 'rpm', APKG: 'apk', apkg: 'apk' };

/** Output → our type and the package URL's. */
const OUTPUTS: Readonly<Record<string, readonly [type: string, purl: string]>> = {
  'pkgs.npms': ['npm', 'npm'], 'pkgs.gems': ['gem', 'gem'], 'pkgs.python': ['python', 'pypi'], 'pkgs.java': ['java', 'maven'],
  'pkgs.go': ['go', 'golang'], 'pkgs.binary': ['binary', 'generic'],
};

/** Packages of a report that Anchore Engine or an old inline scan wrote: no layers, no owners, package URLs as far as they can be told. */
export function foreignPackages(sections: AnalysisReport): ScannedPackage[] {
  const distro = said(baseOf(sections, 'analyzer_meta', 'analyzer_meta')['DISTRO']).toLowerCase();
  const os = Object.entries(baseOf(sections, 'package_list', 'pkgs.allinfo'))
    .flatMap(([name, value]) => osPackage(name, jsonIn<ForeignPackage>(value), distro));
  const others = Object.entries(OUTPUTS).flatMap(([output, [type, purl]]) =>
    Object.entries(baseOf(sections, 'package_list', output)).flatMap(([key, value]) => otherPackage(key, jsonIn<ForeignPackage>(value), type, purl)));
  return [...os, ...others];
}

const NOTHING = { layer: -1, ownedBy: '', dependencies: [], metadata: {} } as const;

function osPackage(name: string, value: ForeignPackage | undefined, distro: string): ScannedPackage[] {
  if (value === undefined) return [];
  const type = OS_TYPES[value.type ?? ''] ?? 'dpkg';
  const release = said(value.release);
  const upstreamVersion = said(value.version);
  const version = release === '' ? upstreamVersion : `${upstreamVersion}-${release}`;
  const architecture = said(value.arch);
  const purlType = { dpkg: 'deb', rpm: 'rpm', apk: 'apk' }[type] ?? type;
  return [{
    ...NOTHING, type, kind: 'os', name, version, upstreamVersion, architecture, path: '',
    purl: purlOf(purlType, distro, name, version),
    licenses: said(value.license) === '' ? [] : [said(value.license)],
    source: sourceOf(type, said(value.sourcepkg), version),
  }];
}

/** dpkg: `NAME-VERSION`; rpm: `NAME-VERSION-RELEASE.src.rpm`; apk: `NAME`. */
function sourceOf(type: string, sourcepkg: string, version: string): { name: string; version: string } {
  if (type === 'rpm') {
    const [, name = '', sourceVersion = ''] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(sourcepkg) ?? [];
    return { name, version: sourceVersion };
  }
  if (type === 'apk' || sourcepkg === '') return { name: sourcepkg, version: sourcepkg === '' ? '' : version };
  if (sourcepkg.endsWith(`-${version}`)) return { name: sourcepkg.slice(0, -version.length - 1), version };
  const [, name = sourcepkg, sourceVersion = version] = /^(.+?)-(\d.*)$/.exec(sourcepkg) ?? [];
  return { name, version: sourceVersion };
}

function otherPackage(key: string, value: ForeignPackage | undefined, type: string, purlType: string): ScannedPackage[] {
  if (value === undefined) return [];
  const name = value.name ?? '';
  const path = type === 'npm' || type === 'gem' || type === 'java' ? key : value.location ?? key;
  const versions = type === 'java' ? javaVersions(value) : value.versions ?? (value.version === undefined ? [] : [value.version]);
  const { namespace, artifact } = coordinates(type, name, value);
  return versions.map(said).filter((version) => version !== '').map((version) => ({
    ...NOTHING, type, kind: 'non-os' as const, name: namespace !== '' && type === 'java' ? `${namespace}:${artifact}` : name,
    version, upstreamVersion: version, architecture: '', path, purl: purlOf(purlType, namespace, artifact, version),
    licenses: [...(value.lics ?? []), said(value.license)].filter((license) => license !== ''), source: { name: '', version: '' },
  }));
}

function javaVersions(value: ForeignPackage): string[] {
  const known = [value['maven-version'], value['implementation-version'], value['specification-version']].map(said);
  return [known.find((version) => version !== '') ?? ''];
}

function coordinates(type: string, name: string, value: ForeignPackage): { namespace: string; artifact: string } {
  if (type === 'java') {
    const properties = value.metadata?.['pom.properties'] ?? '';
    const group = /^groupId=(.+)$/m.exec(properties)?.[1]?.trim() ?? '';
    return { namespace: group, artifact: /^artifactId=(.+)$/m.exec(properties)?.[1]?.trim() ?? name };
  }
  const slash = type === 'npm' || type === 'go' ? name.lastIndexOf('/') : -1;
  return slash === -1 ? { namespace: '', artifact: name } : { namespace: name.slice(0, slash), artifact: name.slice(slash + 1) };
}

/** A name that makes no package URL gets none: matching by name goes on. */
function purlOf(type: string, namespace: string, name: string, version: string): string {
  try {
    return new PackageURL(type, namespace === '' ? undefined : namespace, name, version, undefined, undefined).toString();
  } catch {
    return '';
  }
}
