/**
 * What the Go linker writes into every executable (`go version -m` prints it).
 * Source of the text's format: Go, runtime/debug/mod.go, `BuildInfo.String` and `ParseBuildInfo`; checked against `go version -m`.
 */

export interface GoModule {
  readonly path: string;
  /** `(devel)` for a main module whose version is not known. */
  readonly version: string;
  /** `h1:…`, or the empty string. */
  readonly sum: string;
  /** What a `replace` directive put in its place. */
  readonly replacedBy?: GoModule;
}

export interface GoBuildInfo {
  /** `go1.26.8`; experiments after a space (`go1.24.0 X:boringcrypto`). May be empty where it could not be found. */
  readonly goVersion: string;
  /** Import path of the main package. */
  readonly path: string;
  readonly main?: GoModule;
  readonly modules: readonly GoModule[];
  /** `GOARCH`, `-ldflags`, `vcs.revision` …, as written. */
  readonly settings: readonly (readonly [key: string, value: string])[];
}

/** The linker encloses the text with 16 bytes on each side, by which it can be found in memory. */
const SENTINEL = 16;
/** Kubernetes, the largest known, has some 300 modules. */
const MOST_MODULES = 20_000;

/** Takes the sentinels off; a text too short to have them, or without a line end before the closing one, is none (`go version -m` does the same). */
export function withoutSentinels(text: Buffer): string {
  const end = text.length - SENTINEL;
  return end > SENTINEL && text[end - 1] === 0x0a ? text.toString('utf8', SENTINEL, end) : '';
}

/** Reads the text; lines that it does not know are passed over, as they were when the format grew. */
export function parseBuildInfo(goVersion: string, text: string): GoBuildInfo {
  let path = '';
  let main: GoModule | undefined;
  const modules: GoModule[] = [];
  const settings: [string, string][] = [];
  let latest: 'main' | 'module' | undefined;
  for (const line of text.split('\n')) {
    const fields = line.split('\t');
    const kind = fields[0];
    if (kind === 'path') path = fields[1] ?? '';
    else if (kind === 'mod') { main = moduleOf(fields); latest = 'main'; }
    else if (kind === 'dep' && modules.length < MOST_MODULES) { modules.push(moduleOf(fields)); latest = 'module'; }
    else if (kind === 'build') settings.push(settingOf(line.slice('build\t'.length)));
    else if (kind === '=>' && latest === 'main' && main !== undefined) main = { ...main, replacedBy: moduleOf(fields) };
    else if (kind === '=>' && latest === 'module') replaceLast(modules, moduleOf(fields));
  }
  return { goVersion, path, ...(main === undefined ? {} : { main }), modules, settings };
}

function moduleOf(fields: readonly string[]): GoModule {
  return { path: fields[1] ?? '', version: fields[2] ?? '', sum: fields[3] ?? '' };
}

function replaceLast(modules: GoModule[], replacedBy: GoModule): void {
  const last = modules.pop();
  if (last !== undefined) modules.push({ ...last, replacedBy });
}

/** `key=value`; either is quoted as Go quotes strings where it holds spaces, quotes, or (the key) an equals sign. */
function settingOf(text: string): [string, string] {
  const quotedKey = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  const key = quotedKey ?? text.slice(0, Math.max(0, text.indexOf('=')));
  return [unquoted(key), unquoted(text.slice(key.length + 1))];
}

/** Go's string literals are JSON's but for backquotes and `\a`, `\v`, `\x..`; those stay as they are written. */
function unquoted(text: string): string {
  if (text.length < 2) return text;
  if (text.startsWith('`') && text.endsWith('`')) return text.slice(1, -1);
  if (!text.startsWith('"') || !text.endsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
