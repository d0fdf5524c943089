import { onlySaid, purlOf, type PackageDraft } from '../packageFile/draft.js';

/** Lines of a release file that are read: the longest, of its modules, is one line. */
const MOST_LINES = 200;

/**
 * A Java run time by its `release` file (`JAVA_VERSION="17.0.12"`, one `KEY="value"` a line); undefined for any other `release`.
 * Source of the keys: the JDK's make/ReleaseFile.gmk, Temurin's build; names and versions are chosen as syft does.
 */
export function readRuntime(text: string, path: string): PackageDraft | undefined {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/, MOST_LINES)) {
    const separator = line.indexOf('=');
    if (separator > 0) values.set(line.slice(0, separator).trim(), line.slice(separator + 1).trim().replace(/^"|"$/g, ''));
  }
  const said = (key: string): string => values.get(key) ?? '';
  const version = runtimeVersion(said);
  if (version === '') return undefined;
  const [vendor, name] = vendorAndName(said, path.toLowerCase());
  const source = said('SOURCE_REPO') || said('BUILD_SOURCE_REPO');
  const metadata = {
    implementor: said('IMPLEMENTOR'), implementorVersion: said('IMPLEMENTOR_VERSION'), javaVersion: said('JAVA_VERSION'),
    imageType: said('IMAGE_TYPE'), sourceUrl: source,
  };
  return {
    name,
    version,
    purl: purlOf({ type: 'generic', namespace: vendor, name, version, qualifiers: { repository_url: source } }),
    origin: said('IMPLEMENTOR'),
    architecture: said('OS_ARCH'),
    metadata: onlySaid(metadata),
  };
}

/** `17.0.12+7-LTS`; a FULL_VERSION of another major than JAVA_VERSION (IBM's) is the vendor's own count. */
function runtimeVersion(said: (key: string) => string): string {
  const java = said('JAVA_VERSION');
  if (java === '' && said('JAVA_RUNTIME_VERSION') === '') return '';
  const full = said('FULL_VERSION');
  const sameMajor = full.split('.', 1)[0] === java.split('.', 1)[0];
  return said('JAVA_RUNTIME_VERSION') || (sameMajor && full !== '' ? full : java);
}

function vendorAndName(said: (key: string) => string, path: string): [vendor: string, name: string] {
  const implementor = said('IMPLEMENTOR').toLowerCase().replaceAll(' ', '');
  const kit = said('IMAGE_TYPE').toLowerCase().includes('jre') ? 'jre' : 'jdk';
  if (implementor.includes('azul') || path.includes('zulu')) return ['azul', 'zulu'];
  if (implementor.includes('sunmicrosystems')) return ['sun', kit];
  if (implementor.includes('ibm') || path.includes('/ibm')) return ['ibm', 'java'];
  if (implementor.includes('oracle') || path.includes('oracle') || said('BUILD_TYPE').includes('commercial')) return ['oracle', kit];
  return ['oracle', 'openjdk'];
}
