/**
 * Archives of the Java world, all of them zip: libraries, web and enterprise applications, Jenkins' plugins, JBoss's services,
 * NiFi's and Karaf's bundles, Liferay's packages, resource adapters, OWASP ZAP's add-ons.
 * Sources: the lists of Anchore Engine 0.8.1 (32_java_packages.py) and syft (java/archive_parser.go).
 */
const EXTENSIONS: ReadonlySet<string> = new Set(['jar', 'war', 'ear', 'jpi', 'hpi', 'par', 'sar', 'nar', 'kar', 'far', 'lpkg', 'rar', 'zap']);

/** These are Java archives whatever they hold; `.rar` and the rest are other programs' names too. */
const ALWAYS_JAVA: ReadonlySet<string> = new Set(['jar', 'war', 'ear', 'jpi', 'hpi']);

/** The extension in lower case of a Java archive's path, or undefined. */
export function archiveExtension(path: string): string | undefined {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return EXTENSIONS.has(extension) && path.length > extension.length + 1 ? extension : undefined;
}

/** Whether a file with this name and these first bytes is worth a look: a `.rar` that is no zip is not Java's. */
export function isJavaArchive(path: string, head: Buffer): boolean {
  const extension = archiveExtension(path);
  if (extension === undefined) return false;
  return ALWAYS_JAVA.has(extension) || (head[0] === 0x50 && head[1] === 0x4b);
}
