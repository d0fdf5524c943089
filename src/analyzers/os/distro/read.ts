/** What one file says of the distribution; the empty string where it does not say. */
export interface DistroReading {
  readonly id: string;
  readonly version: string;
  readonly like: readonly string[];
  /** os-release's BUILD_ID: rolling distributions have it instead of a version. */
  readonly buildId: string;
}

const NOTHING: DistroReading = { id: '', version: '', like: [], buildId: '' };

/**
 * os-release: shell assignments, one a line, quoted or not.
 * Source: os-release(5), https://www.freedesktop.org/software/systemd/man/os-release.html
 */
export function readOsRelease(text: string): DistroReading | undefined {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0 && !line.trimStart().startsWith('#')) values.set(line.slice(0, equals).trim(), unquoted(line.slice(equals + 1).trim()));
  }
  const said = (name: string): string => values.get(name) ?? '';
  const reading = { id: said('ID'), version: said('VERSION_ID'), like: said('ID_LIKE').split(/\s+/).filter((word) => word !== ''), buildId: said('BUILD_ID') };
  return reading.id === '' && reading.version === '' && reading.like.length === 0 ? undefined : reading;
}

function unquoted(value: string): string {
  const quote = value[0];
  if (quote !== '"' && quote !== "'") return value;
  const inner = value.endsWith(quote) && value.length > 1 ? value.slice(1, -1) : value.slice(1);
  return quote === '"' ? inner.replace(/\\(["$`\\])/g, '$1') : inner;
}

/** Vendors of CPE names, and names in front of `release`, by which Red Hat's family is known to advisories. */
const RED_HAT_FAMILY: readonly (readonly [sign: RegExp, id: string])[] = [
  [/fedora/, 'fedora'],
  [/red ?hat/, 'rhel'],
  [/centos/, 'centos'],
  [/rocky/, 'rocky'],
  [/alma/, 'almalinux'],
  [/scientific/, 'scientific'],
  [/oracle/, 'ol'],
  [/amazon/, 'amzn'],
];

function redHatId(words: string): string {
  return RED_HAT_FAMILY.find(([sign]) => sign.test(words.toLowerCase()))?.[1] ?? '';
}

/**
 * `/etc/system-release-cpe`: `cpe:/o:centos:linux:6:GA`, or `cpe:2.3:o:amazon:amazon_linux:2`.
 * Source: NIST IR 7695, "Common Platform Enumeration: Naming Specification".
 */
export function readSystemReleaseCpe(text: string): DistroReading | undefined {
  for (const line of text.split('\n')) {
    const fields = line.trim().split(':');
    if (fields[0] !== 'cpe') continue;
    const [vendor = '', product = '', version = ''] = fields.slice(fields[1] === '2.3' ? 3 : 2);
    if (product !== '' && version !== '') return { ...NOTHING, id: redHatId(vendor) || product, version };
  }
  return undefined;
}

/** `/etc/redhat-release`: `CentOS release 5.7 (Final)`. */
export function readRedHatRelease(text: string): DistroReading | undefined {
  const [line = ''] = text.trim().split('\n', 1);
  const id = redHatId(line);
  const version = /\d+(?:\.\d+)?/.exec(line)?.[0] ?? '';
  return id === '' && version === '' ? undefined : { ...NOTHING, id, version };
}

/** The banner in BusyBox's bytes; its version with the `v`, as the seed reports it (`v1.31.1`), or `0` where there is none. */
export function readBusyBox(bytes: Buffer): DistroReading | undefined {
  const banner = 'BusyBox v';
  for (let at = bytes.indexOf(banner); at !== -1; at = bytes.indexOf(banner, at + 1)) {
    const version = /^v\d[\d.]*/.exec(bytes.toString('latin1', at + banner.length - 1, at + banner.length + 20))?.[0];
    if (version !== undefined) return { ...NOTHING, id: 'busybox', version: version.replace(/\.$/, '') };
  }
  return undefined;
}

/** `/etc/debian_version`: `12.5` is Debian 12, `trixie/sid` is unstable. */
export function readDebianVersion(text: string): DistroReading | undefined {
  const version = /^\d+(?=\.)/.exec(text.trim())?.[0] ?? (text.includes('sid') ? 'unstable' : '');
  return version === '' ? undefined : { ...NOTHING, version };
}
