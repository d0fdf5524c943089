import type { Analyzer } from '../analyzer.js';
import { wholeFile } from '../executable/source.js';
import { baseName, folderOf } from '../packageFile/analyzer.js';
import { installedPackage, isPlausible, type PackageDraft } from '../packageFile/draft.js';
import { readOrTell } from '../packageFile/read.js';
import { depsJson, nugetPurl } from './depsJson.js';
import { assemblyStrings } from './versionResource.js';

/** Roslyn's largest assembly has 20 MB; native images of it are larger. */
const LARGEST_ASSEMBLY = 64 * 1024 * 1024;

/** What an assembly's version resource says of it, or undefined for another PE file and for translations. */
export function parseAssembly(bytes: Buffer, path: string): PackageDraft | undefined {
  if (/\.resources\.dll$/i.test(path)) return undefined;
  const strings = assemblyStrings(wholeFile(bytes));
  if (strings === undefined) return undefined;
  const name = nameOf(strings, path);
  const version = versionOf(strings);
  const said = ['ProductName', 'FileVersion', 'ProductVersion', 'FileDescription'].flatMap((key) => (strings.get(key) ? [[`${key.charAt(0).toLowerCase()}${key.slice(1)}`, strings.get(key) as string]] : []));
  return { name, version, purl: nugetPurl(name, version), origin: strings.get('CompanyName') ?? '', metadata: Object.fromEntries(said) as Record<string, string> };
}

/** The assembly's own name, which is nearly always its package's; a product's name (`Json.NET`) is not. */
function nameOf(strings: ReadonlyMap<string, string>, path: string): string {
  const candidates = [strings.get('InternalName'), strings.get('OriginalFilename'), baseName(path)];
  const name = candidates.find((candidate) => candidate !== undefined && /^[\w.-]+\.(?:dll|exe)$/i.test(candidate)) ?? baseName(path);
  return name.replace(/\.(?:dll|exe)$/i, '');
}

/** The product's version without the commit (`13.0.3+0a2e291c`), where it is one; else the file's. */
function versionOf(strings: ReadonlyMap<string, string>): string {
  const product = /^\d+(?:\.\d+)+(?:-[\w.-]+)?/.exec(strings.get('ProductVersion') ?? '')?.[0];
  const file = /^\d+(?:\.\d+)+/.exec(strings.get('FileVersion') ?? '')?.[0];
  return product ?? file ?? '';
}

/** Assemblies that no deps.json speaks for: it knows the packages that they came from, they know only themselves. */
export const assemblies: Analyzer<PackageDraft> = {
  name: 'dotnet-assemblies',
  description: '.NET assemblies, by the version resource of each, where no deps.json beside them names their package.',
  version: 1,
  wants: (entry, head) => (/\.(?:dll|exe)$/i.test(entry.path) && head.toString('latin1', 0, 2) === 'MZ' ? { limit: LARGEST_ASSEMBLY, beyond: 'problem' } : 'nothing'),
  analyze(entry, bytes, tell) {
    const draft = readOrTell(() => parseAssembly(bytes, entry.path), tell);
    return draft !== undefined && isPlausible(draft) ? draft : undefined;
  },
  packages(view) {
    const spokenFor = new Set<string>();
    for (const { path, fact } of view.of(depsJson)) {
      for (const draft of fact) for (const file of draft.files ?? []) spokenFor.add(`${folderOf(path)}/${file}`);
    }
    return [...view.facts()].filter(({ path }) => !spokenFor.has(path)).map(({ path, layer, fact }) => installedPackage('dotnet', fact, path, layer));
  },
};
