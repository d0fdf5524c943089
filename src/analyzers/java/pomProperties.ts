import { linesOf } from '../../text/lines.js';

/** Who a Maven artifact is: META-INF/maven/GROUP/ARTIFACT/pom.properties, written by maven-archiver. */
export interface PomProperties {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

/** Reads Java's properties format as far as maven-archiver writes it: `key=value` or `key: value`, `#` and `!` start comments. */
export function parsePomProperties(text: string): PomProperties {
  const values = new Map<string, string>();
  for (const line of linesOf(text)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('!')) continue;
    const separator = trimmed.search(/[=:]/);
    if (separator > 0) values.set(trimmed.slice(0, separator).trim(), trimmed.slice(separator + 1).trim());
  }
  return {
    groupId: resolved(values.get('groupId')),
    artifactId: resolved(values.get('artifactId')),
    version: resolved(values.get('version')),
  };
}

/** A build that forgot to fill its template says nothing: `${project.version}`. */
function resolved(value = ''): string {
  return value.includes('${') ? '' : value;
}
