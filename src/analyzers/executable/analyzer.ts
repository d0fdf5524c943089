import type { Analyzer, FactSink, Tell } from '../analyzer.js';
import type { InstalledPackage } from '../package.js';
import type { LayerEntry } from '../../image/layer.js';
import { goPackages } from '../go/packages.js';
import { installedPackage, isPlausible, type PackageDraft } from '../packageFile/draft.js';
import { executableFormat } from './executable.js';
import { ExecutableSink, type ExecutableFact } from './sink.js';

/**
 * Executables tell what they were linked from: Go by its build information, Rust by the data of `cargo auditable`.
 * Both are looked for in one pass, so that each executable is kept in memory once at most.
 * go.mod and go.sum are not read: an image holds them as somebody's sources, and they name far more than is linked or run.
 */
export const executables: Analyzer<ExecutableFact> = {
  name: 'executables',
  description: 'Go modules and Rust crates that ELF, PE and Mach-O executables say they were built from.',
  version: 1,
  wants: (_, head) => (executableFormat(head) === undefined ? 'nothing' : 'stream'),
  open: (entry: LayerEntry, tell: Tell): FactSink<ExecutableFact> => new ExecutableSink(entry.size, tell),
  packages(view) {
    const packages: InstalledPackage[] = [];
    // A file under several names is one executable.
    const seen = new Set<ExecutableFact>();
    for (const { path, layer, fact } of view.facts()) {
      if (seen.has(fact)) continue;
      seen.add(fact);
      const go = fact.go.flatMap((build) => goPackages(build, fact.architecture));
      packages.push(
        ...distinct(go).map((draft) => installedPackage('go', draft, path, layer)),
        ...distinct(fact.rust).map((draft) => installedPackage('rust', draft, path, layer)),
      );
    }
    return packages;
  },
};

/** A universal binary says everything once for each architecture. */
function distinct(drafts: readonly PackageDraft[]): readonly PackageDraft[] {
  const seen = new Map(drafts.filter(isPlausible).map((draft) => [`${draft.name}@${draft.version}`, draft]));
  return [...seen.values()];
}
