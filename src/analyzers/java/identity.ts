import { artifactInFileName, type FileNameParts } from './fileName.js';
import { knownGroup } from './knownGroups.js';
import { manifestField, type Manifest } from './manifest.js';

/** Who an archive is by its manifest and its file name: what is left where no pom says it. */

/** In the order of syft, which is Anchore Engine 1.1.0's cataloguer. */
const VERSION_FIELDS = ['Implementation-Version', 'Specification-Version', 'Plugin-Version', 'Bundle-Version'] as const;
const NAME_FIELDS = ['Name', 'Implementation-Title', 'Specification-Title', 'Bundle-Name', 'Short-Name', 'Extension-Name'] as const;
const GROUP_FIELDS = [
  'Group-Id', 'Bundle-SymbolicName', 'Extension-Name', 'Specification-Vendor', 'Implementation-Vendor', 'Implementation-Vendor-Id',
  'Implementation-Title', 'Bundle-Activator', 'Automatic-Module-Name', 'Main-Class', 'Package',
] as const;

/** Axis 1's jars name only their Java package. */
const KNOWN_NAMES: ReadonlyMap<string, string> = new Map([['org/apache/axis', 'axis']]);

/**
 * The artifact's id: by the Maven bundle plugin's symbolic name, the file name, the manifest's titles. A file that is named as Maven names
 * it, with its version, says better than a symbolic name: commons-logging-1.2.jar is `org.apache.commons.logging`.
 */
export function artifactName(manifest: Manifest, fileName: FileNameParts): string {
  const bundle = fileName.version === '' ? bundlePluginArtifact(manifest) : '';
  return bundle || artifactInFileName(fileName.name) || titleInManifest(manifest);
}

/** The version: the file name's, else the manifest's; of `1.4 1855 April 22 2006` the first word. */
export function archiveVersion(manifest: Manifest, fileName: FileNameParts): string {
  if (fileName.version !== '') return fileName.version;
  for (const name of VERSION_FIELDS) {
    const value = manifestField(manifest, name);
    if (value !== '' && !value.includes('${')) return value.split(' ', 1)[0] ?? '';
  }
  return '';
}

/** The group id of an artifact without a pom, or the empty string: a well-known artifact's, else what the manifest has that looks like one. */
export function groupOf(artifactId: string, version: string, manifest: Manifest): string {
  const known = knownGroup(artifactId, version);
  if (known !== '') return known;
  const group = groupInManifest(manifest);
  // a bundle's symbolic name is GROUP.ARTIFACT, or the group alone where that ends like the artifact (org.apache.ivy), which a dash rules out
  if (!group.endsWith(`.${artifactId.toLowerCase()}`)) return group;
  const rest = group.slice(0, -artifactId.length - 1);
  // io.reactivex.rxjava3.rxjava, org.freemarker.freemarker: the group has the name already
  const repeats = rest.slice(rest.lastIndexOf('.') + 1).startsWith(artifactId.toLowerCase()) && rest.includes('.');
  return artifactId.includes('-') || repeats ? rest : group;
}

/**
 * The last part of `Bundle-SymbolicName`, where the Maven bundle plugin made it as GROUP.ARTIFACT. A name that is also the
 * vendor's id is the group alone. Source: Apache Felix Maven Bundle Plugin, "Default behavior".
 */
function bundlePluginArtifact(manifest: Manifest): string {
  if (!manifestField(manifest, 'Created-By').includes('Apache Maven Bundle Plugin')) return '';
  const symbolicName = withoutDirectives(manifestField(manifest, 'Bundle-SymbolicName'));
  if (symbolicName === manifestField(manifest, 'Implementation-Vendor-Id')) return '';
  const artifact = symbolicName.slice(symbolicName.lastIndexOf('.') + 1);
  return isArtifactId(artifact) ? artifact : '';
}

function titleInManifest(manifest: Manifest): string {
  for (const name of NAME_FIELDS) {
    const value = withoutDirectives(manifestField(manifest, name));
    const known = KNOWN_NAMES.get(value);
    if (known !== undefined) return known;
    if (isArtifactId(value)) return value;
  }
  return '';
}

function groupInManifest(manifest: Manifest): string {
  for (const name of GROUP_FIELDS) {
    const value = withoutDirectives(manifestField(manifest, name));
    // a class's name is its package's and its own
    const group = value.replace(/\.[A-Z]\w*$/, '');
    if (looksLikeGroup(group)) return group.toLowerCase();
  }
  return '';
}

/** `org.bar;uses:="org.foo"` and Ivy's `org.elasticsearch#server;8.14.3` start with what is meant. */
function withoutDirectives(value: string): string {
  return (value.split(/[;#]/, 1)[0] ?? '').trim();
}

/** An id has no spaces and no forgotten placeholder (`%pluginName`, `${name}`). */
function isArtifactId(value: string): boolean {
  return value !== '' && !/[\s/]/.test(value) && !/^[$%]/.test(value);
}

function looksLikeGroup(value: string): boolean {
  return value.length <= 200 && /^[A-Za-z][\w-]*(?:\.[A-Za-z_][\w-]*)+$/.test(value);
}
