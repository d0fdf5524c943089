import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import type { GoBuildInfo, GoModule } from './buildInfo.js';
import { mainVersion } from './mainVersion.js';

/** The packages of one Go executable: the standard library, the main module, and every module linked into it, replaced ones as what replaced them. */
export function goPackages(info: GoBuildInfo, architecture: string): readonly PackageDraft[] {
  const settings = new Map(info.settings);
  const common = { architecture: settings.get('GOARCH') ?? architecture };
  const goVersion = info.goVersion.split(' ', 1)[0] ?? '';
  const build = { goCompiledVersion: goVersion, mainModule: info.main?.path || info.path };
  return [
    ...standardLibrary(goVersion, info.goVersion, common.architecture),
    ...mainModule(info, settings, build, common.architecture),
    ...info.modules.filter(({ path }) => path !== '').map((module) => ({ ...dependency(module, build), ...common })),
  ];
}

/** `stdlib` at the version of Go: its advisories are those of the Go project itself. The name is govulncheck's and OSV's. */
function standardLibrary(goVersion: string, whole: string, architecture: string): readonly PackageDraft[] {
  const version = /^go(\d[\w.+-]*)$/.exec(goVersion)?.[1];
  if (version === undefined) return [];
  const experiments = whole.slice(goVersion.length).trim();
  return [{
    name: 'stdlib', version, purl: goPurl('stdlib', version), licenses: ['BSD-3-Clause'], architecture,
    metadata: { goCompiledVersion: goVersion, cpe: `cpe:2.3:a:golang:go:${version}:*:*:*:*:*:*:*`, ...(experiments === '' ? {} : { experiments }) },
  }];
}

/** Settings worth showing; `-ldflags` is left out, for people put secrets there. */
const SHOWN_SETTINGS = ['GOOS', 'GOARCH', 'CGO_ENABLED', '-tags', 'vcs', 'vcs.revision', 'vcs.time', 'vcs.modified', 'GOFIPS140'] as const;

function mainModule(info: GoBuildInfo, settings: ReadonlyMap<string, string>, build: Readonly<Record<string, string>>, architecture: string): readonly PackageDraft[] {
  const name = info.main?.path || info.path;
  if (name === '' || name === 'command-line-arguments') return [];
  const version = mainVersion(info);
  const shown = Object.fromEntries(SHOWN_SETTINGS.flatMap((key) => (settings.has(key) ? [[key, settings.get(key) as string]] : [])));
  return [{
    name, version, purl: goPurl(name, version), architecture,
    dependencies: info.modules.map(({ path }) => path),
    metadata: { ...build, ...shown, main: 'true' },
  }];
}

function dependency(module: GoModule, build: Readonly<Record<string, string>>): PackageDraft {
  const { path: name, version, sum } = replacement(module);
  const known = version === '(devel)' ? '' : version;
  return {
    name, version: known, purl: goPurl(name, known),
    metadata: { ...build, ...(sum === '' ? {} : { h1Digest: sum }), ...(module.replacedBy === undefined ? {} : { replaces: `${module.path}@${module.version}` }) },
  };
}

/** A module replaced by a folder keeps its name: the folder's path says nothing, and its version is not known. */
function replacement({ replacedBy, ...module }: GoModule): GoModule {
  if (replacedBy === undefined) return module;
  return /^[./\\]|^[A-Za-z]:/.test(replacedBy.path) ? { ...replacedBy, path: module.path } : replacedBy;
}

/** A module's path as a package URL: all but the last segment is the namespace, major versions (`/v2`) stay segments. */
function goPurl(path: string, version: string): string {
  const slash = path.lastIndexOf('/');
  return purlOf({ type: 'golang', namespace: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1), version });
}
