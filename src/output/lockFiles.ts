import type { DockerfileLines, Finding } from '../evaluation/evaluation.js';

/** A lock file of the workspace, as it stands there. */
export interface LockFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Names of the files that pin packages by a line of their own. */
export const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'requirements.txt', 'Pipfile.lock', 'poetry.lock', 'Gemfile.lock', 'composer.lock', 'Cargo.lock', 'go.mod'] as const;

const OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'], python: ['requirements.txt', 'Pipfile.lock', 'poetry.lock'],
  gem: ['Gemfile.lock'], php: ['composer.lock'], rust: ['Cargo.lock'], go: ['go.mod'],
};

/** Finds the line of a workspace's lock file that pins a finding's package at its very version; other versions are another story. */
export function lockFileLines(files: readonly LockFile[]): (finding: Finding) => DockerfileLines | undefined {
  const indexes = files.map((file) => ({ file, name: file.path.slice(file.path.lastIndexOf('/') + 1), pins: pinsOf(file) }));
  return ({ vulnerability, location }) => {
    if (vulnerability === undefined || location?.fromBase === true) return undefined;
    const { type, name, version } = vulnerability.package;
    for (const { file, name: base, pins } of indexes) {
      if (OF_TYPE[type]?.includes(base) !== true) continue;
      const line = pins.get(pin(type === 'python' ? pythonName(name) : name, version));
      if (line !== undefined) return { file: file.path, startLine: line, endLine: line };
    }
    return undefined;
  };
}

function pin(name: string, version: string): string {
  return `${name}\n${version}`;
}

/** PEP 503: names are equal whatever their case, dots, dashes and underscores. */
function pythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

type Pins = ReadonlyMap<string, number>;

/** Lock files are longer than people read, not longer than this. */
const MAX_LINES = 500_000;

function pinsOf({ path, text }: LockFile): Pins {
  const lines = text.split(/\r?\n/, MAX_LINES);
  const pins = new Map<string, number>();
  const add = (name: string, version: string, line: number): void => {
    if (!pins.has(pin(name, version))) pins.set(pin(name, version), line);
  };
  const file = path.slice(path.lastIndexOf('/') + 1);
  if (file === 'requirements.txt') {
    lines.forEach((line, index) => {
      const pinned = /^\s*([A-Za-z0-9][\w.-]{0,200})\s*(?:\[[^\]]{0,200}\])?\s*===?\s*([\w.!+-]{1,100})/.exec(line);
      if (pinned !== null) add(pythonName(pinned[1] ?? ''), pinned[2] ?? '', index + 1);
    });
  } else if (file === 'go.mod') {
    lines.forEach((line, index) => {
      const pinned = /^\s*(?:require\s+)?([\w./~-]{1,300})\s+(v[\w.+-]{1,100})/.exec(line);
      if (pinned !== null) [pinned[2] ?? '', (pinned[2] ?? '').slice(1)].forEach((version) => add(pinned[1] ?? '', version, index + 1));
    });
  } else if (file === 'Gemfile.lock') {
    lines.forEach((line, index) => {
      const pinned = /^ {4}([\w.-]{1,200}) \(([\w.-]{1,100})\)$/.exec(line);
      if (pinned !== null) add(pinned[1] ?? '', pinned[2] ?? '', index + 1);
    });
  } else {
    headed(lines, add, file.endsWith('.lock') && file !== 'Pipfile.lock' && file !== 'composer.lock');
  }
  return pins;
}

/** Formats that name a package and give its version on one of the next lines: JSON, YAML and TOML lock files. */
function headed(lines: readonly string[], add: (name: string, version: string, line: number) => void, isToml: boolean): void {
  let name = '';
  let at = 0;
  lines.forEach((line, index) => {
    const pnpm = /^\s{2,4}['"]?\/?(@?[^@'"\s]{1,200})@([\w.+-]{1,100})[^:]{0,300}:\s*$/.exec(line);
    if (pnpm !== null) add(pnpm[1] ?? '', pnpm[2] ?? '', index + 1);
    const heading = /^\s*"(?:[^"]{0,500}node_modules\/)?([^"]{1,300})": \{\s*$/.exec(line)
      ?? /^\s*"?name"?\s*[:=]\s*"([^"]{1,300})"/.exec(line)
      ?? (isToml ? /^"?(@?[^@"\s]{1,200})@[^:]{1,300}:$/.exec(line) : null);
    if (heading !== null) {
      name = heading[1] ?? '';
      at = index + 1;
    }
    const version = /^\s*"?version"?\s*[:=]?\s*"(?:==|v)?([^"]{1,100})"/.exec(line);
    if (version !== null && name !== '') {
      add(name, version[1] ?? '', at);
      add(pythonName(name), version[1] ?? '', at);
    }
  });
}
