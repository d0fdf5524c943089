import { OS_PACKAGE_TYPES } from '../../analyzers/package.js';
import type { Finding, Vulnerability } from '../../evaluation/evaluation.js';

/** The vulnerability that a row of the gate `vulnerabilities` is about. */
export type RowIndex = (row: Pick<Finding, 'id' | 'message'>) => Vulnerability | undefined;

/**
 * Finds vulnerabilities by the ids of rows, `<vulnerability>+<package>`, where the package is called as its kind calls it: by name in an
 * operating system, by file for Java and Ruby, by folder for npm, else by name and version. Source: Anchore Engine's gate `vulnerabilities`.
 * Of several copies of a package the one whose path the row's message names.
 */
export function rowIndex(vulnerabilities: readonly Vulnerability[]): RowIndex {
  const byId = new Map<string, Vulnerability[]>();
  for (const vulnerability of vulnerabilities) {
    for (const id of rowIds(vulnerability)) byId.set(id, [...byId.get(id) ?? [], vulnerability]);
  }
  return ({ id, message }) => {
    const known = byId.get(id) ?? [];
    return known.find(({ package: { path } }) => path !== undefined && namesPath(message, path)) ?? known[0];
  };
}

function rowIds({ id, package: { name, version, type, path = '' } }: Vulnerability): string[] {
  const segments = path.split('/');
  const withVersion = `${name}-${version}`;
  const keys = OS_TYPES.has(type) ? [name]
    : type === 'npm' ? [segments.at(-2) ?? '', withVersion]
      : type === 'java' || type === 'gem' ? [segments.at(-1) ?? '', withVersion]
        : [withVersion];
  return [...new Set(keys)].filter((key) => key !== '').map((key) => `${id}+${key}`);
}

/** The kinds of operating systems' packages, Anchore's among them. */
const OS_TYPES: ReadonlySet<string> = new Set([...OS_PACKAGE_TYPES, 'kb']);

function namesPath(message: string, path: string): boolean {
  const at = message.indexOf(` - ${path}`);
  return at !== -1 && /^(?:$|\()/.test(message.slice(at + 3 + path.length, at + 4 + path.length));
}
