import { child, children, childText, readXml, type XmlElement } from './xml.js';

/** What a pom.xml says of its artifact, its own parent asked where it says nothing itself. */
export interface PomXml {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
  readonly licenses: readonly string[];
  readonly url: string;
  /** `groupId:artifactId` of what is needed at run time. */
  readonly dependencies: readonly string[];
}

/** project › dependencies › dependency › artifactId. */
const DEPTH = 4;

/** Dependencies that are not needed at run time. */
const NOT_AT_RUN_TIME: ReadonlySet<string> = new Set(['test', 'provided', 'import']);

/**
 * Reads a pom.xml, Maven's project file. Undefined where it is not one.
 * Properties (`${x}`) are looked up once, not again in what they give; what stays unknown is empty.
 * Source: Maven POM reference, "The Basics".
 */
export function parsePomXml(text: string): PomXml | undefined {
  const project = readXml(text, DEPTH);
  if (project?.name !== 'project') return undefined;
  const parent = child(project, 'parent');
  const groupId = childText(project, 'groupId') || childText(parent, 'groupId');
  const version = childText(project, 'version') || childText(parent, 'version');
  const artifactId = childText(project, 'artifactId');
  const known = new Map([['groupId', groupId], ['version', version], ['artifactId', artifactId]]);
  for (const property of child(project, 'properties')?.children ?? []) if (!known.has(property.name)) known.set(property.name, property.text);
  const fill = (value: string): string => interpolate(value, known);
  return {
    groupId: fill(groupId),
    artifactId: fill(artifactId),
    version: fill(version),
    licenses: children(child(project, 'licenses'), 'license').map(licenseName).filter((name) => name !== ''),
    url: childText(project, 'url'),
    dependencies: children(child(project, 'dependencies'), 'dependency')
      .filter((dependency) => !NOT_AT_RUN_TIME.has(childText(dependency, 'scope')) && childText(dependency, 'optional') !== 'true')
      .map((dependency) => `${fill(childText(dependency, 'groupId'))}:${fill(childText(dependency, 'artifactId'))}`)
      .filter((name) => /^[^:]+:[^:]+$/.test(name)),
  };
}

function licenseName(license: XmlElement): string {
  return childText(license, 'name') || childText(license, 'url');
}

/** `${project.version}`, `${pom.version}`, `${version}` and the project's own properties. */
function interpolate(value: string, known: ReadonlyMap<string, string>): string {
  if (!value.includes('${')) return value;
  const filled = value.replace(/\$\{([^{}]{1,200})\}/g, (_, name: string) => known.get(name.replace(/^(?:project|pom)\.(?:parent\.)?/, '')) ?? '');
  return filled.includes('${') ? '' : filled;
}
