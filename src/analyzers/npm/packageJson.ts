import { onlySaid, purlOf, type PackageDraft } from '../packageFile/draft.js';

/**
 * What a package.json says of its package. Every field has had several forms in npm's history, and any may hold anything:
 * what has no known form was not said. Source: npm's package.json documentation, and normalize-package-data for the old forms.
 */
export function readPackageJson(json: unknown): PackageDraft | undefined {
  if (!isObject(json) || isOtherKind(json)) return undefined;
  const name = text(json, 'name');
  const version = text(json, 'version');
  if (name === '') return undefined;
  return {
    name,
    version,
    purl: npmPurl(name, version),
    licenses: licensesOf(json),
    origin: originOf(json),
    dependencies: dependenciesOf(json),
    metadata: onlySaid({
      author: person(field(json, 'author')),
      homepage: text(json, 'homepage'),
      sourceUrl: repositoryOf(json),
      description: text(json, 'description').slice(0, LONGEST_DESCRIPTION),
      private: field(json, 'private') === true ? 'true' : '',
    }),
  };
}

/** Characters of a description that are kept. */
const LONGEST_DESCRIPTION = 500;

/** `@scope/name` → the scope is the package URL's namespace. */
export function npmPurl(name: string, version: string): string {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  return slash < 0 ? purlOf({ type: 'npm', name, version }) : purlOf({ type: 'npm', namespace: name.slice(0, slash), name: name.slice(slash + 1), version });
}

/** Extensions of Visual Studio Code and packages of Unity have a package.json too, and are on no npm registry. */
function isOtherKind(json: JsonObject): boolean {
  const engines = field(json, 'engines');
  return (isObject(engines) && Object.hasOwn(engines, 'vscode')) || Object.hasOwn(json, 'contributes') || text(json, 'unity') !== '';
}

/** `"MIT"`, `{"type": "MIT", "url": …}`, `["MIT", {"type": …}]`, and the same under `licenses`. */
function licensesOf(json: JsonObject): string[] {
  const stated = [field(json, 'license'), field(json, 'licenses')].flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  const names = stated.map((license) => {
    if (typeof license === 'string') return license.trim();
    return isObject(license) ? text(license, 'type') || text(license, 'name') || text(license, 'license') || text(license, 'url') : '';
  });
  return [...new Set(names)].filter((name) => name !== '');
}

/** The author, else the first of the maintainers or contributors. */
function originOf(json: JsonObject): string {
  const others = ['authors', 'maintainers', 'contributors'].map((key) => field(json, key)).flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  return [field(json, 'author'), ...others].map(person).find((name) => name !== '') ?? '';
}

/** `Name <mail> (url)`, as npm writes a person in one line. */
function person(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (!isObject(value)) return '';
  const [mail, url] = [text(value, 'email'), text(value, 'url')];
  return [text(value, 'name'), mail && `<${mail}>`, url && `(${url})`].filter((part) => part !== '').join(' ');
}

function repositoryOf(json: JsonObject): string {
  const repository = field(json, 'repository');
  const [first]: unknown[] = Array.isArray(repository) ? repository : [repository];
  if (typeof first === 'string') return first;
  return isObject(first) ? text(first, 'url') : '';
}

function dependenciesOf(json: JsonObject): string[] {
  const needed = ['dependencies', 'optionalDependencies'].map((key) => field(json, key)).flatMap((value) => (isObject(value) ? Object.keys(value) : []));
  return [...new Set(needed)].sort();
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object: no list, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property: nothing is taken from Object.prototype, whatever the file calls its keys. */
export function field(json: JsonObject, key: string): unknown {
  return Object.hasOwn(json, key) ? json[key] : undefined;
}

/** An own property that is a string, trimmed; else the empty string. */
export function text(json: JsonObject, key: string): string {
  const value = field(json, key);
  return typeof value === 'string' ? value.trim() : '';
}
