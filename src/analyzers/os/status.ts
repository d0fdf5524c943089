import type { Tell } from '../analyzer.js';
import { paragraphs, type Paragraph } from './deb822.js';

/** What dpkg's or opkg's status says of a package. Empty strings and lists: not said. */
export interface StatusRecord {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** With its own version; the package's own where it names no other. */
  readonly source: { readonly name: string; readonly version: string };
  readonly maintainer: string;
  /** In the unit of the format: KiB for dpkg, bytes for opkg. */
  readonly installedSize: number | null;
  readonly license: string;
  readonly homepage: string;
  readonly needs: readonly string[];
  readonly provides: readonly string[];
  /** Path and digest in hex (md5; opkg: also sha256) or, for a file that is not there yet, the empty string. */
  readonly conffiles: readonly (readonly [path: string, digest: string])[];
}

const FIELDS: ReadonlySet<string> = new Set([
  'package', 'version', 'architecture', 'source', 'maintainer', 'installed-size', 'license', 'homepage',
  'depends', 'pre-depends', 'provides', 'conffiles', 'status',
]);

/** `absent`: status.d and control files hold nothing but installed packages and have no Status field. */
export type WithoutStatus = 'installed' | 'absent';

/** Configured, with a trigger of another package still to run. */
const INSTALLED: ReadonlySet<string> = new Set(['installed', 'triggers-awaited', 'triggers-pending']);
/** Some of the package's files are there, and nobody says which. */
const HALFWAY: ReadonlySet<string> = new Set(['half-installed', 'unpacked', 'half-configured']);

/**
 * Packages whose state is `installed` (`dpkg-query -f '${db:Status-Status}'`), not removed, half-installed or wanted ones:
 * of those whose installation was not finished it tells. Source: dpkg-query(1), dpkg(1) "package states".
 */
export function readStatus(text: string, withoutStatus: WithoutStatus, tell: Tell): StatusRecord[] {
  const records: StatusRecord[] = [];
  let broken = 0;
  const halfway: string[] = [];
  for (const paragraph of paragraphs(text, FIELDS)) {
    const state = stateOf(paragraph.get('status'), withoutStatus);
    if (HALFWAY.has(state)) halfway.push(paragraph.get('package') ?? '');
    if (!INSTALLED.has(state)) continue;
    const record = recordOf(paragraph);
    if (record.name === '') broken++;
    else records.push(record);
  }
  if (broken > 0) tell(`${broken} installed packages have no name and are left out.`);
  if (halfway.length > 0) tell(`Packages whose installation was not finished are left out, though some of their files may be there: ${shortened(halfway)}.`);
  return records;
}

/** The third word of `install ok installed`. */
function stateOf(status: string | undefined, withoutStatus: WithoutStatus): string {
  return status === undefined ? withoutStatus : (status.split(/\s+/)[2] ?? '');
}

/** Names that are told; the others are counted. */
const MOST_TOLD = 10;

function shortened(names: readonly string[]): string {
  const told = names.slice(0, MOST_TOLD).map((name) => name.slice(0, 100).replace(/[^\x21-\x7e]/g, '?'));
  return told.join(', ') + (names.length > MOST_TOLD ? ` and ${names.length - MOST_TOLD} more` : '');
}

function recordOf(paragraph: Paragraph): StatusRecord {
  const said = (field: string): string => paragraph.get(field) ?? '';
  const name = said('package');
  const version = said('version');
  const size = said('installed-size');
  return {
    name, version,
    architecture: said('architecture'),
    source: sourceOf(said('source'), name, version),
    maintainer: said('maintainer'),
    installedSize: /^\d{1,15}$/.test(size) ? Number(size) : null,
    license: said('license'),
    homepage: said('homepage'),
    needs: [...relationNames(said('pre-depends')), ...relationNames(said('depends'))],
    provides: relationNames(said('provides')),
    conffiles: conffilesOf(said('conffiles')),
  };
}

/** `util-linux (2.41.5-0+deb13u1)`, or a name alone, or nothing: then it is the package's own. */
function sourceOf(field: string, name: string, version: string): StatusRecord['source'] {
  const [, source = '', sourceVersion] = /^(\S+)(?:\s+\(([^()\s]*)\))?$/.exec(field) ?? [];
  return { name: source || name, version: sourceVersion || version };
}

/** Names in `libc6 (>= 2.34), default-mta | mail-transport-agent, python3:any`: every alternative. */
function relationNames(field: string): string[] {
  if (field === '') return [];
  return field.split(/[,|]/).map((relation) => /^\s*([^\s(:[]+)/.exec(relation)?.[1] ?? '').filter((name) => name !== '');
}

/** Lines `PATH DIGEST [obsolete] [remove-on-upgrade]`; obsolete ones are no longer the package's. */
function conffilesOf(field: string): [string, string][] {
  const rows: [string, string][] = [];
  for (const line of field.split('\n')) {
    const words = line.split(' ');
    const digest = words.findLastIndex((word) => /^(?:[0-9a-f]{32}|[0-9a-f]{64}|newconffile)$/.test(word));
    if (digest <= 0 || words.includes('obsolete', digest)) continue;
    rows.push([words.slice(0, digest).join(' '), words[digest] === 'newconffile' ? '' : (words[digest] ?? '')]);
  }
  return rows;
}
