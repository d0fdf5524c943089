import { createHash } from 'node:crypto';
import { isPlausible, onlySaid, purlOf, type PackageDraft } from '../packageFile/draft.js';
import type { Pom, TellingEntries } from './entries.js';
import { archiveExtension } from './extension.js';
import type { JavaPackageFact } from './fact.js';
import { parseFileName, type FileNameParts } from './fileName.js';
import { archiveVersion, artifactName, groupOf } from './identity.js';
import { manifestField, manifestLicenses } from './manifest.js';

/** Bytes of a manifest that go into the report as they are; the named sections of a signed jar behind them say nothing of packages. */
const MOST_MANIFEST_TEXT = 64 * 1024;

/** An archive and everything in it that says who it is. */
export interface DescribedArchive {
  /** The file's path, or the entry's name within the outer archive. */
  readonly path: string;
  readonly within: string;
  readonly bytes: Buffer;
  readonly entries: TellingEntries;
}

/**
 * The packages of one archive, those within not counted: itself, and what is shaded into it.
 * Itself is who, in this order, its pom.properties, its pom.xml, its manifest and file name say; of several pom.properties
 * the one that the file name (or the manifest's title) fits, each other one is a package shaded into it.
 * An instrumentation archive of New Relic's (`Weave-Classes`) poses as the library it instruments, and is not one.
 */
export function describeArchive(archive: DescribedArchive): JavaPackageFact[] {
  const { entries, path } = archive;
  const fileName = parseFileName(path);
  const own = ownPom(entries, fileName);
  const shaded = entries.poms.filter((pom) => pom !== own && pom.properties.artifactId !== '' && pom.properties.version !== '');
  const facts = shaded.map((pom) => shadedPackage(archive, pom));
  if (entries.manifest.main.has('weave-classes')) return facts;
  return [{ within: archive.within, draft: ownPackage(archive, own, fileName) }, ...facts].filter(({ draft }) => isPlausible(draft));
}

function ownPom(entries: TellingEntries, fileName: FileNameParts): Pom | undefined {
  const { poms } = entries;
  const stem = `${fileName.name}-${fileName.version}`;
  const named = poms.filter(({ properties }) => properties.artifactId !== '');
  const exact = named.filter(({ properties }) => properties.artifactId === fileName.name);
  if (exact.length > 0) return exact.find(({ xml }) => xml !== undefined) ?? exact[0];
  const title = manifestField(entries.manifest, 'Implementation-Title');
  const fitting = named.filter(({ properties: { artifactId } }) => fits(artifactId, fileName.name) || artifactId === title);
  // ehcache.jar holds ehcache-api, ehcache-core …: parts of it, and none is the whole
  const parts = fitting.filter(({ properties: { artifactId } }) => artifactId !== title && !stem.startsWith(artifactId) && artifactId.startsWith(`${fileName.name}-`));
  if (parts.length > 1 && parts.length === fitting.length) return undefined;
  return fitting.find(({ properties }) => properties.groupId !== '' && fileName.name.includes(properties.groupId))
    ?? fitting.find(({ xml }) => xml !== undefined) ?? fitting[0];
}

/** `log4j-1.2-api-2.17.1.jar` is read as log4j, version 1.2-api-2.17.1; `com.example.shop` holds the artifact shop. */
function fits(artifactId: string, fileName: string): boolean {
  return fileName !== '' && (artifactId.startsWith(fileName) || fileName.endsWith(artifactId));
}

function ownPackage(archive: DescribedArchive, pom: Pom | undefined, fileName: FileNameParts): PackageDraft {
  const { manifest, manifestText, loneXml } = archive.entries;
  const xml = pom?.xml ?? loneXml;
  const name = pom?.properties.artifactId || xml?.artifactId || artifactName(manifest, fileName) || baseName(archive.path);
  const version = pom?.properties.version || xml?.version || archiveVersion(manifest, fileName);
  const groupId = pom?.properties.groupId || xml?.groupId || groupOf(name, version, manifest);
  const licenses = manifestLicenses(manifest);
  return {
    name,
    version,
    // a few old artifacts are their own group (junit:junit); who says no group is taken for one of them, as Anchore's cataloguer does
    purl: purlOf({ type: 'maven', namespace: groupId || name, name, version }),
    licenses: licenses.length > 0 ? licenses : (xml?.licenses ?? []),
    origin: pom?.properties.groupId || manifestField(manifest, 'Specification-Vendor') || manifestField(manifest, 'Implementation-Vendor'),
    dependencies: xml?.dependencies ?? [],
    metadata: onlySaid({
      extension: archiveExtension(archive.path) ?? '',
      groupId,
      artifactId: name,
      specificationVersion: manifestField(manifest, 'Specification-Version'),
      implementationVersion: manifestField(manifest, 'Implementation-Version'),
      mavenVersion: pom?.properties.version ?? '',
      vendor: manifestField(manifest, 'Implementation-Vendor'),
      homepage: xml?.url ?? '',
      sha1: createHash('sha1').update(archive.bytes).digest('hex'),
      'pom.properties': pom?.text ?? '',
      'MANIFEST.MF': manifestText.slice(0, MOST_MANIFEST_TEXT),
    }),
  };
}

function shadedPackage(archive: DescribedArchive, pom: Pom): JavaPackageFact {
  const { groupId, artifactId, version } = pom.properties;
  return {
    within: `${archive.within}:${groupId === '' ? '' : `${groupId}:`}${artifactId}`,
    draft: {
      name: artifactId,
      version,
      purl: purlOf({ type: 'maven', namespace: groupId || knownOrOwn(artifactId, version, archive), name: artifactId, version }),
      licenses: pom.xml?.licenses ?? [],
      origin: groupId,
      dependencies: pom.xml?.dependencies ?? [],
      metadata: onlySaid({
        extension: archiveExtension(archive.path) ?? '',
        groupId, artifactId, mavenVersion: version, homepage: pom.xml?.url ?? '', 'pom.properties': pom.text, shadedInto: archive.path,
      }),
    },
  };
}

function knownOrOwn(artifactId: string, version: string, { entries }: DescribedArchive): string {
  return groupOf(artifactId, version, { ...entries.manifest, main: new Map(), named: [] }) || artifactId;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
