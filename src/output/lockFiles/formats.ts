/** Tells a pin: a package, its version, and the line (from 1) that a person would change. */
export type Tell = (name: string, version: string, line: number) => void;

export interface LockFormat {
  /** The file's name. */
  readonly file: RegExp;
  /** The type of package that it pins. */
  readonly type: string;
  readonly pins: (lines: readonly string[], tell: Tell) => void;
}

const VERSION_IN_JSON = /^\s*"version": "(?:==)?([^"]{1,100})"/;

/**
 * Files that pin packages by a line of their own, as their tools write them (one written by hand on one line pins nothing here). Every expression is
 * anchored and bounded: a line of any length is read once.
 */
export const LOCK_FORMATS: readonly LockFormat[] = [
  { file: /^(?:package-lock|npm-shrinkwrap)\.json$/, type: 'npm', pins: headed(/^\s*"(?:[^"]{0,500}node_modules\/)?([^"]{1,300})": \{\s*$/, VERSION_IN_JSON) },
  { file: /^yarn\.lock$/, type: 'npm', pins: headed(/^"?(@?[^@"\s,]{1,200})@[^\n]{1,2000}:$/, /^ {2}version:? "?([^"\s]{1,100})"?$/) },
  { file: /^pnpm-lock\.yaml$/, type: 'npm', pins: each(/^ {2,4}['"]?\/?(@?[^@'"\s]{1,200})(?:@|\/(?=\d))([\w.+-]{1,100})[^:]{0,300}:\s*$/) },
  { file: /^bun\.lock$/, type: 'npm', pins: each(/^\s*"[^"]{1,300}": \["(@?[^@"\s]{1,200})@([\w.+-]{1,100})"/) },
  { file: /^(?:requirements|constraints)[\w.-]{0,60}\.txt$/, type: 'python', pins: each(/^\s*([A-Za-z0-9][\w.-]{0,200})\s*(?:\[[^\]]{0,200}\])?\s*===?\s*([\w.!+-]{1,100})/) },
  { file: /^Pipfile\.lock$/, type: 'python', pins: headed(/^\s*"([^"]{1,300})": \{\s*$/, VERSION_IN_JSON) },
  { file: /^(?:poetry|uv|pdm)\.lock$/, type: 'python', pins: headed(/^name = "([^"]{1,300})"/, /^version = "([^"]{1,100})"/) },
  { file: /^Cargo\.lock$/, type: 'rust', pins: headed(/^name = "([^"]{1,300})"/, /^version = "([^"]{1,100})"/) },
  // A gem for one platform has it after the version.
  { file: /^Gemfile\.lock$/, type: 'gem', pins: each(/^ {4}([\w.-]{1,200}) \((\d[\w.]{0,100})(?:-[\w.-]{1,60})?\)$/) },
  { file: /^composer\.lock$/, type: 'php', pins: headed(/^\s*"name": "([^"]{1,300})"/, VERSION_IN_JSON) },
  { file: /^go\.mod$/, type: 'go', pins: each(/^\s*(?:require\s+)?([\w./~-]{1,300})\s+(v[\w.+-]{1,100})/) },
  { file: /^go\.sum$/, type: 'go', pins: each(/^([\w./~-]{1,300}) (v[\w.+-]{1,100}) h1:/) },
  { file: /^packages\.lock\.json$/, type: 'dotnet', pins: headed(/^\s*"([^"]{1,300})": \{\s*$/, /^\s*"resolved": "([^"]{1,100})"/) },
  { file: /^gradle\.lockfile$/, type: 'java', pins: each(/^[\w.-]{1,200}:([\w.-]{1,200}):([\w.-]{1,100})=/) },
  { file: /^pubspec\.lock$/, type: 'dart', pins: headed(/^ {2}(\w{1,200}):$/, /^ {4}version: "([^"]{1,100})"$/) },
  { file: /^mix\.lock$/, type: 'hex', pins: each(/^ {2}"([^"]{1,200})": \{:hex, :\w{1,200}, "([^"]{1,100})"/) },
];

/** Formats that say name and version on one line. */
function each(pinned: RegExp): LockFormat['pins'] {
  return (lines, tell) => {
    lines.forEach((line, index) => {
      const [, name, version] = pinned.exec(line) ?? [];
      if (name !== undefined && version !== undefined) tell(name, version, index + 1);
    });
  };
}

/** Formats that name a package and give its version on one of the next lines; the first is the one to change. */
function headed(heading: RegExp, versioned: RegExp): LockFormat['pins'] {
  return (lines, tell) => {
    let named: { readonly name: string; readonly line: number } | undefined;
    lines.forEach((line, index) => {
      const name = heading.exec(line)?.[1];
      if (name !== undefined) named = { name, line: index + 1 };
      const version = versioned.exec(line)?.[1];
      if (version === undefined || named === undefined) return;
      tell(named.name, version, named.line);
      named = undefined;
    });
  };
}
