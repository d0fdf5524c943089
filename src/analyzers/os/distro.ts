import type { FlattenedImage } from '../../image/image.js';
import type { Analyzer, ImageView, Located } from '../analyzer.js';
import { nodeAt } from './links.js';
import { readBusyBox, readDebianVersion, readOsRelease, readRedHatRelease, readSystemReleaseCpe, type DistroReading } from './distro/read.js';

/** The distribution, as far as the image says; empty strings and lists where it does not. */
export type Distro = DistroReading;

type Kind = 'os-release' | 'system-release-cpe' | 'redhat-release' | 'busybox' | 'debian_version';

/** What one file says, and as which kind of file it was read. */
export interface DistroFact extends DistroReading {
  readonly kind: Kind;
}

const READERS: Readonly<Record<Kind, (bytes: Buffer) => DistroReading | undefined>> = {
  'os-release': (bytes) => readOsRelease(bytes.toString()),
  'system-release-cpe': (bytes) => readSystemReleaseCpe(bytes.toString()),
  'redhat-release': (bytes) => readRedHatRelease(bytes.toString()),
  'busybox': readBusyBox,
  'debian_version': (bytes) => readDebianVersion(bytes.toString()),
};

/** The order of the specification; BusyBox comes late because other distributions have one too. */
const PLACES: readonly (readonly [path: string, kind: Kind])[] = [
  ['/etc/os-release', 'os-release'],
  ['/usr/lib/os-release', 'os-release'],
  ['/etc/system-release-cpe', 'system-release-cpe'],
  ['/etc/redhat-release', 'redhat-release'],
  ['/bin/busybox', 'busybox'],
];

/** The longest os-release in distributions has some 2 kB. */
const LONGEST_TEXT = 64 * 1024;
/** A static BusyBox with every applet has some 2 MB; any other program by that name need not be read. */
const LONGEST_BUSYBOX = 8 * 1024 * 1024;

/** BusyBox and the first names that its image gives to the same file: a hard link's content stands under the first name. */
const BUSYBOX = /^(?:usr\/)?bin\/(?:busybox(?:\.static)?|\[\[?)$/;

function kindOf(path: string): Kind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // also `/usr/lib/os.release.d/os-release-fedora`, `/nix/store/…-os-release`: where links to it lead
  if (/(?:^|-)os-release/.test(name)) return 'os-release';
  if (path === 'etc/system-release-cpe') return 'system-release-cpe';
  if (path === 'etc/debian_version') return 'debian_version';
  // redhat-release is often a link to centos-release, fedora-release …
  if (path.startsWith('etc/') && name.endsWith('-release')) return 'redhat-release';
  return BUSYBOX.test(path) ? 'busybox' : undefined;
}

/** The distribution: os-release, then what older ones have. */
export const distro: Analyzer<DistroFact> = {
  name: 'distro',
  description: 'The distribution and its version: os-release, or what older systems have in its place.',
  version: 1,
  wants({ path }) {
    const kind = kindOf(path);
    if (kind === undefined) return 'nothing';
    return kind === 'busybox' ? { limit: LONGEST_BUSYBOX, beyond: 'skip' } : { limit: LONGEST_TEXT, beyond: 'problem' };
  },
  analyze({ path }, bytes) {
    const kind = kindOf(path);
    const reading = kind === undefined ? undefined : READERS[kind](bytes);
    return kind === undefined || reading === undefined ? undefined : { kind, ...reading };
  },
  report(view) {
    const { id, version, like } = choose(view.facts(), view.image.flattened);
    const name = id || 'Unknown';
    return {
      analyzer_meta: { analyzer_meta: { DISTRO: name, DISTROVERS: version || '0', LIKEDISTRO: like.join(',') || name } },
      // an image of BusyBox alone has no package database: the seed lists this one package
      ...(id === 'busybox' ? { package_list: { 'pkgs.all': { BusyBox: version } } } : {}),
    };
  },
};

/** The distribution of an image, for other analyzers; unknown where this one is switched off. */
export function distroOf(view: Pick<ImageView<unknown>, 'image' | 'of'>): Distro {
  return choose(view.of(distro), view.image.flattened);
}

const UNKNOWN: Distro = { id: '', version: '', like: [], buildId: '' };

function choose(facts: Iterable<Located<DistroFact>>, image: FlattenedImage): Distro {
  const byPath = new Map<string, DistroFact>();
  for (const { path, fact } of facts) byPath.set(path, fact);
  const reading = (path: string, kind: Kind): DistroFact | undefined => {
    const fact = byPath.get(nodeAt(image, path)?.path ?? path);
    return fact?.kind === kind ? fact : undefined;
  };
  const chosen = PLACES.map(([path, kind]) => reading(path, kind)).find((fact) => fact !== undefined);
  if (chosen === undefined) return UNKNOWN;
  const { id, version, like, buildId } = chosen;
  // distroless and testing images of Debian have no VERSION_ID
  const isOpen = id === 'debian' && version === '';
  return { id, version: isOpen ? (reading('/etc/debian_version', 'debian_version')?.version ?? '') : version, like, buildId };
}

/** The `distro` qualifier of package URLs: `debian-12`, `arch-rolling`, or the empty string. */
export function distroQualifier({ id, version, buildId }: Distro): string {
  return [id, version || buildId].filter((part) => part !== '').join('-');
}
