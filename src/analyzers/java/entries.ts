import type { OpenArchive } from '../archive/open.js';
import type { ZipEntry } from '../archive/directory.js';
import { Fault } from '../archive/fault.js';
import { archiveExtension } from './extension.js';
import { NO_MANIFEST, parseManifest, type Manifest } from './manifest.js';
import { parsePomProperties, type PomProperties } from './pomProperties.js';
import { parsePomXml, type PomXml } from './pomXml.js';

/** Bytes of a manifest that are read: signed jars have one line for every file, some megabytes. */
const MOST_MANIFEST_BYTES = 16 * 1024 * 1024;
/** Bytes of a pom.xml or pom.properties that are read: the largest on Maven Central has some 300 kB. */
const MOST_POM_BYTES = 1024 * 1024;
/** Poms that one archive may have: a shaded jar of everything has some hundreds. */
const MOST_POMS = 5_000;

/** A pom.properties with the pom.xml beside it. */
export interface Pom {
  readonly properties: PomProperties;
  /** The file as it is. */
  readonly text: string;
  readonly xml: PomXml | undefined;
}

/** The entries of an archive that say something of packages. */
export interface TellingEntries {
  readonly manifest: Manifest;
  /** The manifest as it is, or the empty string. */
  readonly manifestText: string;
  /** In the order of their paths. */
  readonly poms: readonly Pom[];
  /** The only pom.xml of an archive that has no pom.properties. */
  readonly loneXml: PomXml | undefined;
  /** Java archives within. */
  readonly nested: readonly ZipEntry[];
}

/** Tells a problem with one entry. */
export type TellEntry = (entry: ZipEntry, reason: string) => void;

/** Reads what tells: META-INF/MANIFEST.MF, every pom.properties (a shaded jar has many) and pom.xml. */
export function readTellingEntries(archive: OpenArchive, tell: TellEntry): TellingEntries {
  const text = (entry: ZipEntry, limit: number): string => {
    if (!archive.budget.spendText(entry.size)) {
      tell(entry, 'is left out: the archive has too much text of this kind');
      return '';
    }
    const content = archive.read(entry, limit);
    if (!(content instanceof Fault)) return content.toString('utf8');
    tell(entry, content.reason);
    return '';
  };
  const manifestEntry = archive.entries.find(({ name }) => name.toUpperCase() === 'META-INF/MANIFEST.MF');
  const manifestText = manifestEntry === undefined ? '' : text(manifestEntry, MOST_MANIFEST_BYTES);
  const properties = entriesCalled(archive, 'pom.properties', tell);
  const xmlByFolder = new Map(entriesCalled(archive, 'pom.xml', tell).map((entry) => [folderOf(entry.name), entry]));
  const xmlIn = (folder: string): PomXml | undefined => {
    const entry = xmlByFolder.get(folder);
    return entry === undefined ? undefined : parsePomXml(text(entry, MOST_POM_BYTES));
  };
  const [lone] = properties.length === 0 && xmlByFolder.size === 1 ? [...xmlByFolder.keys()] : [];
  return {
    manifest: manifestText === '' ? NO_MANIFEST : parseManifest(manifestText),
    manifestText,
    poms: properties.map((entry) => {
      const content = text(entry, MOST_POM_BYTES);
      return { properties: parsePomProperties(content), text: content, xml: xmlIn(folderOf(entry.name)) };
    }),
    loneXml: lone === undefined ? undefined : xmlIn(lone),
    nested: archive.entries.filter(({ name }) => archiveExtension(name) !== undefined),
  };
}

function entriesCalled(archive: OpenArchive, name: string, tell: TellEntry): ZipEntry[] {
  const found = archive.entries.filter((entry) => entry.name === name || entry.name.endsWith(`/${name}`));
  found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const [beyond] = found.slice(MOST_POMS);
  if (beyond !== undefined) tell(beyond, `is one of more than ${MOST_POMS} such files; the rest is not read`);
  return found.slice(0, MOST_POMS);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
