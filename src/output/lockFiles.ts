import type { DockerfileLines, Finding } from '../evaluation/evaluation.js';
import { LOCK_FORMATS, type LockFormat } from './lockFiles/formats.js';

/** A lock file of the workspace, as it stands there. */
export interface LockFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Whether a file of this name pins packages by a line of their own. */
export function isLockFile(name: string): boolean {
  return formatOf(name) !== undefined;
}

/** Finds the line of a workspace's lock file that pins a finding's package at its very version; other versions are another story. */
export function lockFileLines(files: readonly LockFile[]): (finding: Finding) => DockerfileLines | undefined {
  const read = files.flatMap((file) => {
    const format = formatOf(file.path.slice(file.path.lastIndexOf('/') + 1));
    return format === undefined ? [] : [{ path: file.path, type: format.type, pins: pinsOf(file, format) }];
  });
  return ({ vulnerability, location }) => {
    if (vulnerability === undefined || location?.fromBase === true) return undefined;
    const { type, name, version } = vulnerability.package;
    const wanted = pin(type, name, version);
    const found = read.find((file) => file.type === type && file.pins.has(wanted));
    const line = found?.pins.get(wanted);
    return found === undefined || line === undefined ? undefined : { file: found.path, startLine: line, endLine: line };
  };
}

function formatOf(name: string): LockFormat | undefined {
  return LOCK_FORMATS.find(({ file }) => file.test(name));
}

/** Go and PHP write versions with a `v` in one place and without in another. */
function pin(type: string, name: string, version: string): string {
  return `${sameName(type, name)}\n${type === 'go' || type === 'php' ? version.replace(/^v/, '') : version}`;
}

/** PEP 503: names are equal whatever their case, dots, dashes and underscores; NuGet's whatever their case. */
function sameName(type: string, name: string): string {
  if (type === 'python') return name.toLowerCase().replace(/[-_.]+/g, '-');
  return type === 'dotnet' ? name.toLowerCase() : name;
}

/** Lock files are longer than people read, not longer than this. */
const MAX_LINES = 500_000;

/** The line of each pin; of two the first. */
function pinsOf({ text }: LockFile, { type, pins }: LockFormat): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  pins(text.split(/\r?\n/, MAX_LINES), (name, version, line) => {
    const key = pin(type, name, version);
    if (!found.has(key)) found.set(key, line);
  });
  return found;
}
