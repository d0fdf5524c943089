import { PackageURL } from 'packageurl-js';
import type { ScannedPackage } from '../../report/scanned.js';
import { baseOf } from './versions/index.js';
import { canonicalEcosystem, ecosystemsOfPackage, osEcosystem, type Distro } from './distributions.js';

/** Under which name a package is looked for, in one ecosystem. */
export interface Query {
  /** Canonical: `Debian:12`, `npm`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  /** For operating systems: the binary package, which records may narrow themselves to; else empty. */
  readonly binary: string;
}

/** A package with all its queries; none where nothing can be asked, and then `why`. */
export interface Asked {
  readonly package: ScannedPackage;
  readonly queries: readonly Query[];
  readonly why?: { readonly ecosystem: string; readonly reason: string };
}

/** purl type → ecosystem, and how the name is made of namespace and name. https://github.com/package-url/purl-spec */
const LANGUAGES: Readonly<Record<string, readonly [string, (namespace: string, name: string) => string]>> = {
  npm: ['npm', slashed], pypi: ['PyPI', (_, name) => name], gem: ['RubyGems', (_, name) => name],
  maven: ['Maven', (namespace, name) => (namespace === '' ? '' : `${namespace}:${name}`)],
  golang: ['Go', goModule], cargo: ['crates.io', (_, name) => name], composer: ['Packagist', slashed], nuget: ['NuGet', (_, name) => name],
  cran: ['CRAN', (_, name) => name], hex: ['Hex', (_, name) => name], pub: ['Pub', (_, name) => name], swift: ['SwiftURL', slashed],
  hackage: ['Hackage', (_, name) => name], conan: ['ConanCenter', (_, name) => name], bitnami: ['Bitnami', (_, name) => name],
};

function slashed(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** The standard library and the toolchain are one in Go's database. */
function goModule(namespace: string, name: string): string {
  const module = slashed(namespace, name);
  return module === 'go' || module === 'std' ? 'stdlib' : module;
}

/**
 * What to ask of advisories about a package. One that an operating system's package owns is left to that one's advisories:
 * distributions mend old versions without a new number.
 */
export function ask(found: ScannedPackage, distro: Distro, epochs: SourceEpochs = new Map()): Asked {
  if (found.ownedBy !== '') return { package: found, queries: [] };
  return found.kind === 'os' ? askOs(found, distro, epochs) : askLanguage(found);
}

/** By a source package's name and version: that version with the epoch that rpm does not write into a source package's file name. */
export type SourceEpochs = ReadonlyMap<string, string>;

/** Whichever package of a source has the version of its source has its epoch, too; others (Perl's modules) count for themselves. */
export function sourceEpochs(packages: readonly ScannedPackage[]): SourceEpochs {
  const epochs = new Map<string, string>();
  for (const { type, version, source } of packages) {
    if (type === 'rpm' && /^\d+:/.exec(version)?.[0] + source.version === version) epochs.set(`${source.name}\n${source.version}`, version);
  }
  return epochs;
}

function sourceVersion({ type, version, source }: ScannedPackage, epochs: SourceEpochs): string {
  if (source.version === '') return version;
  if (type !== 'rpm' || source.version === version || source.version.includes(':')) return source.version;
  return epochs.get(`${source.name}\n${source.version}`) ?? (/^\d+:/.exec(version)?.[0] ?? '') + source.version;
}

function askOs(found: ScannedPackage, distro: Distro, epochs: SourceEpochs): Asked {
  const os = osEcosystem(distro);
  if ('why' in os) return { package: found, queries: [], why: { ecosystem: os.name, reason: os.why } };
  if (isOnlyKernelHeaders(found)) return { package: found, queries: [] };
  const source = { name: found.source.name || found.name, version: sourceVersion(found, epochs) };
  const named = [
    ...(os.naming === 'binary' ? [] : [source]),
    ...(os.naming === 'source' || (os.naming === 'either' && source.name === found.name && source.version === found.version) ? [] : [{ name: found.name, version: found.version }]),
  ];
  const queries = ecosystemsOfPackage(os, found.version).flatMap((ecosystem) => named.map(({ name, version }) => ({ ecosystem, name, version, binary: found.name })));
  return { package: found, queries };
}

function askLanguage(found: ScannedPackage): Asked {
  const identity = identityOf(found);
  const known = identity === null ? undefined : Object.hasOwn(LANGUAGES, identity.type) ? LANGUAGES[identity.type] : undefined;
  if (identity === null || known === undefined) {
    return { package: found, queries: [], why: { ecosystem: found.type, reason: 'there is no ecosystem of advisories in OSV format for it' } };
  }
  const [ecosystem, nameOf] = known;
  const name = asSpelt(nameOf(identity.namespace, identity.name), found.name);
  if (name === '') return { package: found, queries: [], why: { ecosystem, reason: 'archives that do not say their group id cannot be looked up' } };
  if (found.version === '') return { package: found, queries: [], why: { ecosystem, reason: 'packages without a version cannot be looked up' } };
  return { package: found, queries: [{ ecosystem, name, version: found.version, binary: '' }] };
}

/** A package URL may write in small letters what its registry tells apart: `JSONStream` of npm. */
function asSpelt(fromPurl: string, own: string): string {
  return own.toLowerCase() === fromPurl.toLowerCase() ? own : fromPurl;
}

interface Identity {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
}

/** Most package URLs: small letters, digits and plain versions, of types for which the library changes and refuses none of these. Taking a URL apart costs ten times as much. */
const PLAIN_PURL = /^pkg:(?!pypi\/[^@]*_)(cargo|composer|gem|golang|npm|nuget|pypi)\/(?:([a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*)\/)?([a-z0-9][a-z0-9._-]*)@(?:v?(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}|\d[\d.]*)$/;

/** @returns null for what is no package URL */
export function identityOf(found: ScannedPackage): Identity | null {
  const plain = PLAIN_PURL.exec(found.purl);
  if (plain !== null) return { type: plain[1] ?? '', namespace: plain[2] ?? '', name: plain[3] ?? '' };
  try {
    const purl = PackageURL.fromString(found.purl);
    return { type: purl.type ?? '', namespace: purl.namespace ?? '', name: purl.name ?? '' };
  } catch {
    // the library insists on a group id, which an archive may not say
    return found.purl.startsWith('pkg:maven/') ? { type: 'maven', namespace: '', name: found.name } : null;
  }
}

/**
 * Packages built from the kernel's sources that hold no kernel: headers, documentation, tools. A flaw of the running kernel is not in them,
 * and in a container the kernel is the host's anyway. Images and modules of kernels are still matched.
 */
function isOnlyKernelHeaders(found: ScannedPackage): boolean {
  const source = found.source.name || found.name;
  if (!/^(?:linux|linux-(?:\d|aws|azure|gcp|hwe|kvm|lowlatency|meta|oem|oracle|raspi|signed|lts|grsec|edge|virt|rpi|headers).*|kernel|kernel-(?:rt|default|source|headers|azure|devel|lt|ml).*)$/.test(source)) return false;
  return !/^(?:linux-(?:image|modules|signed)|linux-(?:lts|virt|rpi|edge|grsec)$|linux$|kernel$|kernel-(?:\w+-)?(?:core|modules|default$|rt$|azure$|uek$|debug$|64k|zfcpdump|default-base|lt$|ml$))/.test(found.name);
}

/**
 * The spelling under which an ecosystem's names are the same: PEP 503 for Python; no difference of case for NuGet, Composer and others.
 */
export function canonicalName(ecosystem: string, name: string): string {
  switch (baseOf(ecosystem)) {
    case 'PyPI': return name.toLowerCase().replace(/[-_.]+/g, '-');
    case 'NuGet': case 'Packagist': case 'Hex': case 'VSCode': return name.toLowerCase();
    case 'SwiftURL': return name.toLowerCase().replace(/^https?:\/\//, '').replace(/\.git$/, '');
    default: return name;
  }
}

/** The key of an index: canonical ecosystem and name. */
export function keyOf(ecosystem: string, name: string): string {
  const canonical = canonicalEcosystem(ecosystem);
  return `${canonical}\n${canonicalName(canonical, name)}`;
}
