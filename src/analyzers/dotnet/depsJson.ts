import * as z from 'zod';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { readJson, shaped } from '../packageFile/read.js';

/**
 * APP.deps.json: what a .NET application was published with. Source: .NET SDK documentation, "Runtime configuration files".
 * `libraries` says of each its kind; `targets` which files it brings: `lib/net8.0/X.dll` lies beside the file as `X.dll`.
 * Of projects only the application's own is a package here: the one that the file is named after.
 */
const Files = z.record(z.string(), z.unknown()).nullish();
const DepsJson = z.object({
  runtimeTarget: z.union([z.string(), z.object({ name: z.string().nullish() })]).nullish(),
  targets: z.record(z.string(), z.record(z.string(), z.object({
    dependencies: z.record(z.string(), z.unknown()).nullish(), runtime: Files, resources: Files, native: Files, runtimeTargets: Files,
  }))).nullish(),
  libraries: z.record(z.string(), z.object({ type: z.string().nullish(), sha512: z.string().nullish() })).nullish(),
});
type DepsJson = z.infer<typeof DepsJson>;

const PACKAGES = new Set(['package', 'runtimepack']);

function parseDepsJson(bytes: Buffer, path: string): readonly PackageDraft[] {
  const deps = shaped(DepsJson, readJson(bytes));
  const application = baseName(path).replace(/\.deps\.json$/, '');
  const targets = targetsOf(deps);
  return Object.entries(deps.libraries ?? {}).flatMap(([key, { type, sha512 }]) => {
    const slash = key.lastIndexOf('/');
    // A library's key is `NAME/VERSION`.
    const name = key.slice(0, Math.max(0, slash)).replace(/^runtimepack\./, '');
    const version = key.slice(slash + 1);
    const isOwn = type === 'project' && name === application;
    if (slash <= 0 || (!PACKAGES.has(type ?? 'package') && !isOwn)) return [];
    const target = targets.get(key);
    return [{
      name,
      version,
      purl: nugetPurl(name, version),
      files: target?.files ?? [],
      dependencies: target?.dependencies ?? [],
      metadata: { kind: type ?? 'package', ...(sha512 ? { sha512 } : {}) },
    }];
  });
}

interface Target { readonly files: readonly string[]; readonly dependencies: readonly string[] }

/** What all targets together say of a library: there are two when the application was published for one runtime. */
function targetsOf(deps: DepsJson): ReadonlyMap<string, Target> {
  const merged = new Map<string, { readonly files: Set<string>; readonly dependencies: Set<string> }>();
  for (const target of Object.values(deps.targets ?? {})) {
    for (const [key, { dependencies, runtime, resources, native, runtimeTargets }] of Object.entries(target)) {
      const known = merged.get(key) ?? { files: new Set(), dependencies: new Set() };
      merged.set(key, known);
      for (const file of [runtime, resources, native].flatMap((files) => Object.keys(files ?? {}))) known.files.add(published(file));
      for (const file of Object.keys(runtimeTargets ?? {})) known.files.add(file);
      for (const name of Object.keys(dependencies ?? {})) known.dependencies.add(name);
    }
  }
  return new Map([...merged].map(([key, { files, dependencies }]) => [key, { files: [...files], dependencies: [...dependencies] }]));
}

/** `lib/net8.0/X.dll` and `runtimes/linux-x64/lib/net8.0/X.dll` are published as `X.dll`, `lib/net8.0/de/X.resources.dll` as `de/X.resources.dll`. */
function published(file: string): string {
  return file.replace(/^(?:runtimes\/[^/]+\/)?(?:lib\/[^/]+|native)\//, '');
}

/** NuGet's names are case-insensitive; they are kept as they are written. */
export function nugetPurl(name: string, version: string): string {
  return purlOf({ type: 'nuget', name, version });
}

export const depsJson = packageFileAnalyzer({
  name: 'dotnet-deps',
  description: '.NET packages that an application was published with (*.deps.json).',
  version: 1,
  type: 'dotnet',
  // The SDK's own have 1 MB.
  limit: 16 * 1024 * 1024,
  matches: (path) => path.endsWith('.deps.json'),
  parse: parseDepsJson,
});
