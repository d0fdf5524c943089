import type { ScannedImage } from '../../report/scanned.js';

export type Distro = ScannedImage['distro'];

/** Under which names an operating system's packages stand in advisories. */
export interface OsEcosystem {
  /** Names of ecosystems with release, `Debian:12`; several where a release has several streams. Canonical as `canonicalEcosystem` makes them. */
  readonly ecosystems: readonly string[];
  /** Whether records name the source package, the binary one, or may name either. */
  readonly naming: Naming;
}

export type Naming = 'source' | 'binary' | 'either';

/** An operating system without advisories in OSV format, and why. */
export interface NoEcosystem {
  readonly name: string;
  readonly why: string;
}

/** Derived distributions that use their parent's packages, with the parent's release: id → (version → parent). */
const DERIVED: Readonly<Record<string, (version: string) => { readonly id: string; readonly version: string } | null>> = {
  raspbian: (version) => ({ id: 'debian', version }),
  devuan: byMajor('debian', { '3': '10', '4': '11', '5': '12', '6': '13' }),
  kali: () => ({ id: 'debian', version: 'testing' }),
  parrot: byMajor('debian', { '5': '11', '6': '12', '7': '13' }),
  // the edition that is made of Debian's packages counts from 1
  linuxmint: (version) => byMajor('ubuntu', { '20': '20.04', '21': '22.04', '22': '24.04' })(version) ?? byMajor('debian', { '5': '11', '6': '12', '7': '13' })(version),
  elementary: byMajor('ubuntu', { '6': '20.04', '7': '22.04', '8': '24.04' }),
  pop: (version) => ({ id: 'ubuntu', version }),
  neon: (version) => ({ id: 'ubuntu', version }),
  zorin: byMajor('ubuntu', { '16': '20.04', '17': '22.04', '18': '24.04' }),
  postmarketos: byRelease('alpine', { 'v23.06': '3.18', 'v23.12': '3.19', 'v24.06': '3.20', 'v24.12': '3.21', 'v25.06': '3.22' }),
  // rebuilds with Red Hat's own version numbers
  centos: (version) => (majorOf(version) === '' || Number(majorOf(version)) > 8 ? null : { id: 'rhel', version }),
  'sles_sap': (version) => ({ id: 'sles', version }),
  'sle-micro-rancher': (version) => ({ id: 'sle-micro', version }),
};

/** Debian's next release (forky, until mid-2027), under which OSV files testing; images of testing and of unstable do not say which of the two they are. */
const DEBIAN_NEXT = '14';

const APK_ROLLING: Readonly<Record<string, string>> = { wolfi: 'Wolfi', chainguard: 'Chainguard', minimos: 'MinimOS', cleanstart: 'CleanStart', clnstrt: 'CleanStart' };

/** Known systems for which nobody publishes advisories in OSV format. */
const WITHOUT: Readonly<Record<string, string>> = {
  amzn: 'Amazon Linux', ol: 'Oracle Linux', fedora: 'Fedora', arch: 'Arch Linux', gentoo: 'Gentoo', nixos: 'NixOS', openwrt: 'OpenWrt',
  busybox: 'BusyBox', void: 'Void Linux', clear_linux_os: 'Clear Linux', 'clear-linux-os': 'Clear Linux', bottlerocket: 'Bottlerocket', flatcar: 'Flatcar', guix: 'Guix',
};

/**
 * @param distro as the report has it; its id is `ID` of os-release
 * @returns the ecosystems whose records are about this system's packages: https://ossf.github.io/osv-schema/#defined-ecosystems
 */
export function osEcosystem(distro: Distro): OsEcosystem | NoEcosystem {
  const id = distro.id.toLowerCase();
  const derive = Object.hasOwn(DERIVED, id) ? DERIVED[id] : undefined;
  if (derive !== undefined) {
    const parent = derive(distro.version);
    if (parent === null) return { name: `${distro.id}:${distro.version}`, why: `no release of its parent distribution is known for it` };
    return osEcosystem({ ...parent, like: [] });
  }
  return ownEcosystem(id, distro.version) ?? withoutEcosystem(distro);
}

function ownEcosystem(id: string, version: string): OsEcosystem | undefined {
  const major = majorOf(version);
  const minor = /^\d+\.\d+/.exec(version)?.[0] ?? major;
  const rolling = Object.hasOwn(APK_ROLLING, id) ? APK_ROLLING[id] : undefined;
  if (rolling !== undefined) return { ecosystems: [rolling], naming: 'either' };
  switch (id) {
    case 'debian': return release('Debian', /^(?:unstable|testing|sid)/.test(version) ? DEBIAN_NEXT : major, 'source');
    case 'ubuntu': return release('Ubuntu', isUbuntuLts(minor) ? `${minor}:LTS` : minor, 'source');
    case 'alpine': return release('Alpine', /_alpha|^edge/.test(version) ? 'edge' : minor && `v${minor}`, 'source');
    case 'alpaquita': return release('Alpaquita', version, 'source');
    case 'bellsoft-hardened-containers': return release('BellSoft Hardened Containers', version, 'source');
    case 'echo': return { ecosystems: ['Echo'], naming: 'source' };
    case 'rhel': case 'redhat': return release('Red Hat', major && `enterprise_linux:${major}`, 'binary');
    case 'rocky': return release('Rocky Linux', major, 'either');
    case 'almalinux': return release('AlmaLinux', major, 'either');
    case 'mageia': return release('Mageia', major, 'source');
    case 'openeuler': return major === '' ? undefined : { ecosystems: openEulerReleases(minor), naming: 'source' };
    case 'photon': return release('Photon OS', minor, 'either');
    case 'azurelinux': case 'mariner': return release('Azure Linux', major, 'either');
    case 'sles': return suseProducts(version);
    case 'sle-micro': return release('SUSE', minor && `Linux Enterprise Micro ${minor}`, 'source');
    case 'sl-micro': return release('SUSE', minor && `Linux Micro ${minor}`, 'source');
    case 'opensuse-leap': case 'opensuse': return release('openSUSE', minor && `Leap ${minor}`, 'source');
    case 'opensuse-tumbleweed': case 'opensuse-microos': return { ecosystems: ['openSUSE:Tumbleweed'], naming: 'source' };
    default: return undefined;
  }
}

function withoutEcosystem(distro: Distro): NoEcosystem {
  const name = `${distro.id}:${distro.version}`;
  const known = Object.hasOwn(WITHOUT, distro.id.toLowerCase()) ? WITHOUT[distro.id.toLowerCase()] : undefined;
  if (known !== undefined) return { name, why: `nobody publishes advisories of ${known} in OSV format` };
  if (distro.id === '' || distro.id.toLowerCase() === 'unknown') return { name: 'an unknown operating system', why: 'the image does not say which distribution its packages are of' };
  return { name, why: 'no advisories are known for this distribution or release' };
}

function release(name: string, suffix: string, naming: Naming): OsEcosystem | undefined {
  return suffix === '' ? undefined : { ecosystems: [`${name}:${suffix}`], naming };
}

function majorOf(version: string): string {
  return /^\d+/.exec(version)?.[0] ?? '';
}

function byMajor(id: string, releases: Readonly<Record<string, string>>): (version: string) => { id: string; version: string } | null {
  return (version) => byRelease(id, releases)(majorOf(version));
}

function byRelease(id: string, releases: Readonly<Record<string, string>>): (version: string) => { id: string; version: string } | null {
  return (version) => {
    const parent = Object.hasOwn(releases, version) ? releases[version] : undefined;
    return parent === undefined ? null : { id, version: parent };
  };
}

/** April's release of every even year. */
export function isUbuntuLts(version: string): boolean {
  const [year, month] = version.split('.');
  return month === '04' && Number(year) % 2 === 0;
}

/** The service packs of a release share its `VERSION_ID`; which one a package is of, its own release says (`.oe2403sp1`), see `ecosystemsOfPackage`. */
function openEulerReleases(minor: string): readonly string[] {
  return [`openEuler:${minor}-LTS`, ...[1, 2, 3, 4].map((pack) => `openEuler:${minor}-LTS-SP${pack}`)];
}

/** Product and modules whose packages a SUSE Linux Enterprise image (BCI) is made of. */
const SUSE_MODULES = ['Basesystem', 'Containers', 'Desktop Applications', 'Development Tools', 'Legacy', 'Public Cloud', 'Python 3', 'Server Applications', 'Web and Scripting'];

function suseProducts(version: string): OsEcosystem | undefined {
  const [major = '', pack = ''] = version.split('.');
  if (major === '') return undefined;
  if (Number(major) >= 16) return { ecosystems: [`SUSE:Linux Enterprise Server ${major}.${pack || '0'}`], naming: 'source' };
  const name = pack === '' || pack === '0' ? major : `${major} SP${pack}`;
  const products = [`Linux Enterprise Server ${name}`, `Linux Enterprise Server ${name}-LTSS`, ...SUSE_MODULES.map((module) => `Linux Enterprise Module for ${module} ${name}`)];
  return { ecosystems: products.map((product) => `SUSE:${product}`), naming: 'source' };
}

/**
 * Narrows an operating system's ecosystems to those a package's own version names: openEuler's service packs,
 * and Ubuntu's extended maintenance, whose packages bear `esm` and whose advisories are a stream of their own.
 */
export function ecosystemsOfPackage(os: OsEcosystem, version: string): readonly string[] {
  const [first = ''] = os.ecosystems;
  if (first.startsWith('Ubuntu:') && /esm\d/.test(version)) return [`Ubuntu:Pro:${first.slice('Ubuntu:'.length)}`];
  if (!first.startsWith('openEuler:')) return os.ecosystems;
  const pack = /\.oe\d{4}(?:sp(\d))?/i.exec(version)?.[1];
  return os.ecosystems.filter((name) => (pack === undefined ? !name.includes('-SP') : name.endsWith(`-SP${pack}`)));
}

/**
 * One spelling for ecosystems that mean the same: Red Hat's streams of one release (`enterprise_linux:9::appstream`, `…::baseos`) are one,
 * and repositories of languages (`Maven:https://…`) are left out. Extended streams (`rhel_eus:9.4…`) stay apart.
 */
export function canonicalEcosystem(ecosystem: string): string {
  if (!ecosystem.includes(':')) return ecosystem;
  const redHat = /^Red Hat:enterprise_linux:(\d+)(?:[.:]|$)/.exec(ecosystem);
  if (redHat !== null) return `Red Hat:enterprise_linux:${redHat[1] ?? ''}`;
  return ecosystem.replace(/^(Maven|Packagist|VSCode|npm|PyPI|NuGet|RubyGems):.*$/s, '$1');
}
