import { linesOf } from '../../text/lines.js';

/** Names in lower case: the specification has them compare without case. */
export type ManifestSection = ReadonlyMap<string, string>;

/** A jar's META-INF/MANIFEST.MF. */
export interface Manifest {
  readonly main: ManifestSection;
  /** Sections about single packages or files, in order. */
  readonly named: readonly ManifestSection[];
}

export const NO_MANIFEST: Manifest = { main: new Map(), named: [] };

/** Lines that are read: what is imported and exported takes a bundle some thousand. */
const MOST_LINES = 200_000;

/** Named sections that are read; a signed jar has one with a digest for every file. */
const MOST_NAMED_SECTIONS = 200;

/**
 * Reads a manifest: `Name: value`, a line that starts with one space continues the value, an empty line ends a section.
 * Lines that are neither are passed over, as the JVM's loader does for all but the first.
 * Source: JAR File Specification (Java SE 21), "JAR Manifest".
 */
export function parseManifest(text: string): Manifest {
  const sections: Map<string, string>[] = [new Map()];
  let section = sections[0];
  let name = '';
  let count = 0;
  for (const line of linesOf(text)) {
    if ((count += 1) > MOST_LINES) break;
    if (line === '') {
      if (sections.length > MOST_NAMED_SECTIONS) break;
      section = undefined;
      name = '';
    } else if (line.startsWith(' ')) {
      if (section !== undefined && name !== '') section.set(name, (section.get(name) ?? '') + line.slice(1));
    } else {
      const colon = line.indexOf(':');
      if (colon <= 0) continue;
      if (section === undefined) sections.push((section = new Map<string, string>()));
      name = line.slice(0, colon).trim().toLowerCase();
      section.set(name, line.slice(colon + 1).replace(/^ /, ''));
    }
  }
  const [main = new Map<string, string>(), ...named] = sections;
  return { main, named };
}

/** The first value of a name: of the main section, else of any other, where many builds put what belongs into the main one. */
export function manifestField(manifest: Manifest, name: string): string {
  const key = name.toLowerCase();
  for (const section of [manifest.main, ...manifest.named]) {
    const value = section.get(key)?.trim() ?? '';
    if (value !== '') return value;
  }
  return '';
}

/** Licences by OSGi's `Bundle-License` (`"Apache-2.0";link="…",MIT`) and Jenkins' `Plugin-License-Name`. */
export function manifestLicenses(manifest: Manifest): string[] {
  const bundle = manifestField(manifest, 'Bundle-License').split(',');
  const names = [...bundle, manifestField(manifest, 'Plugin-License-Name')]
    .map((license) => (license.split(';', 1)[0] ?? '').trim().replace(/^"|"$/g, ''))
    .filter((license) => license !== '' && license !== '<<EXTERNAL>>');
  return [...new Set(names)];
}
