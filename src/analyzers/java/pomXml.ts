import { XMLParser } from 'fast-xml-parser';

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

/** Elements that one pom may nest: real ones have ten levels; the parser is recursive. */
const DEEPEST = 100;

/** Dependencies that are not needed at run time. */
const NOT_AT_RUN_TIME: ReadonlySet<string> = new Set(['test', 'provided', 'import']);

const parser = new XMLParser({ ignoreAttributes: true, processEntities: false, parseTagValue: false, trimValues: true, ignoreDeclaration: true });

type Element = Readonly<Record<string, unknown>>;

/**
 * Reads a pom.xml, Maven's project file. Undefined where it is not one.
 * Entities are not expanded, so there is no billion laughs; properties (`${x}`) are looked up once, not again in what they give.
 * Source: Maven POM reference, "The Basics".
 */
export function parsePomXml(text: string): PomXml | undefined {
  const project = element(parsed(text), 'project');
  if (project === undefined) return undefined;
  const parent = element(project, 'parent') ?? {};
  const groupId = string(project, 'groupId') || string(parent, 'groupId');
  const version = string(project, 'version') || string(parent, 'version');
  const artifactId = string(project, 'artifactId');
  const own: Readonly<Record<string, string>> = { groupId, version, artifactId };
  const properties = element(project, 'properties') ?? {};
  const fill = (value: string): string => interpolate(value, own, properties);
  return {
    groupId: fill(groupId),
    artifactId: fill(artifactId),
    version: fill(version),
    licenses: elements(element(project, 'licenses'), 'license').map((license) => string(license, 'name') || string(license, 'url')).filter((name) => name !== ''),
    url: string(project, 'url'),
    dependencies: elements(element(project, 'dependencies'), 'dependency')
      .filter((dependency) => !NOT_AT_RUN_TIME.has(string(dependency, 'scope')) && string(dependency, 'optional') !== 'true')
      .map((dependency) => `${fill(string(dependency, 'groupId'))}:${fill(string(dependency, 'artifactId'))}`)
      .filter((name) => /^[^:]+:[^:]+$/.test(name)),
  };
}

function parsed(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    return parser.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [tag] of text.matchAll(/<\/|<[A-Za-z_]|\/>/g)) {
    depth += tag === '</' || tag === '/>' ? -1 : 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** `${project.version}`, `${pom.version}`, `${version}` and the project's own properties; what is not known stays empty. */
function interpolate(value: string, own: Readonly<Record<string, string>>, properties: Element): string {
  if (!value.includes('${')) return value;
  const filled = value.replace(/\$\{([^{}]{1,200})\}/g, (_, name: string) => {
    const key = name.replace(/^(?:project|pom)\.(?:parent\.)?/, '');
    return Object.hasOwn(own, key) ? (own[key] ?? '') : string(properties, name);
  });
  return filled.includes('${') ? '' : filled;
}

function element(of: unknown, name: string): Element | undefined {
  const [first] = elements(of, name);
  return first;
}

function elements(of: unknown, name: string): Element[] {
  if (!isElement(of) || !Object.hasOwn(of, name)) return [];
  const value = of[name];
  return (Array.isArray(value) ? value : [value]).filter(isElement);
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function string(of: Element, name: string): string {
  const value = Object.hasOwn(of, name) ? of[name] : '';
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}
