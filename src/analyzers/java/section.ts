import type { Section } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import { seedSection } from '../seedSection.js';

const NOT_SAID = 'N/A';

/**
 * `pkgs.java`: path → what the archive says of itself, with the texts that say it.
 * Shape: Anchore Engine 0.8.1, modules/32_java_packages.py; names and the paths of shaded packages (`outer.jar:group:artifact`)
 * as in 1.1.0, syft/handlers/java.py.
 */
export function javaSection(packages: readonly InstalledPackage[]): Section {
  return seedSection(packages, (found) => found.location, ({ name, origin, location, metadata }) => ({
    metadata: Object.fromEntries(TEXTS.flatMap((text) => (metadata[text] === undefined ? [] : [[text, metadata[text]]]))),
    'specification-version': metadata['specificationVersion'] ?? NOT_SAID,
    'implementation-version': metadata['implementationVersion'] ?? NOT_SAID,
    'maven-version': metadata['mavenVersion'] ?? NOT_SAID,
    origin: origin === '' ? NOT_SAID : origin,
    location,
    type: `java-${metadata['extension'] ?? 'jar'}`,
    name,
  }));
}

/** What an archive says of itself, as it stands in it. */
const TEXTS = ['MANIFEST.MF', 'pom.properties'] as const;
