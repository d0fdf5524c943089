import type { Analyzer, ImageView, Located } from '../../../src/analyzers/analyzer.js';
import type { InstalledPackage } from '../../../src/analyzers/package.js';
import type { FlatNode } from '../../../src/image/image.js';
import { entry, image } from '../sample-image.js';

/** Files of a layer by absolute path: content, where a link leads, or null for one that is deleted. A later layer's file replaces an earlier one's. */
export type Layer = Readonly<Record<string, string | Buffer | { readonly link: string } | null>>;

type Row = Located<unknown> & { hiddenBy: number };

export interface Seen {
  /** What was told and where, as `PATH: MESSAGE`. */
  readonly problems: string[];
  view<Fact>(analyzer: Analyzer<Fact>): ImageView<Fact>;
  packages(analyzer: Analyzer): readonly InstalledPackage[];
}

/** Lets analyzers look at the layers, as the pipeline does, and gives what they see of the flattened image. */
export function look(analyzers: readonly Analyzer[], layers: readonly Layer[]): Seen {
  const problems: string[] = [];
  const nodes = new Map<string, FlatNode>();
  const rows = new Map<string, Row[]>(analyzers.map(({ name }) => [name, []]));
  layers.forEach((files, layer) => {
    for (const [path, content] of Object.entries(files)) {
      for (const row of [...rows.values()].flat()) if (row.path === path && row.hiddenBy === -1) row.hiddenBy = layer;
      nodes.delete(path);
      if (content === null) continue;
      const isLink = typeof content === 'object' && 'link' in content;
      const bytes = isLink ? Buffer.alloc(0) : Buffer.from(content);
      const of = entry(path.slice(1), isLink ? { type: 'symlink', linkname: content.link } : { size: bytes.length });
      nodes.set(path, { path, entry: of, layer, content: 0, size: of.size, otherNames: [] });
      if (isLink) continue;
      for (const analyzer of analyzers) {
        const fact = factOf(analyzer, of, bytes, (message) => problems.push(`${path}: ${message}`));
        // facts cross threads and caches as JSON
        if (fact !== undefined) rows.get(analyzer.name)?.push({ path, entry: of, layer, fact: JSON.parse(JSON.stringify(fact)), hiddenBy: -1 });
      }
    }
  });
  const sorted = [...nodes.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const visible = (name: string): Row[] => (rows.get(name) ?? []).filter(({ hiddenBy }) => hiddenBy === -1).sort((a, b) => (a.path < b.path ? -1 : 1));
  const view = <Fact>(analyzer: Analyzer<Fact>): ImageView<Fact> => ({
    image: image(sorted),
    facts: () => visible(analyzer.name) as Located<Fact>[],
    hidden: () => (rows.get(analyzer.name) ?? []).filter(({ hiddenBy }) => hiddenBy !== -1) as (Located<Fact> & { hiddenBy: number })[],
    of: <Other>({ name }: { readonly name: string; readonly __fact?: Other }) => visible(name) as Located<Other>[],
    problem: (path, message) => problems.push(`${path}: ${message}`),
  });
  return { problems, view, packages: (analyzer) => analyzer.packages?.(view(analyzer)) ?? [] };
}

function factOf(analyzer: Analyzer, of: FlatNode['entry'], bytes: Buffer, tell: (message: string) => void): unknown {
  const want = analyzer.wants(of, bytes.subarray(0, 512));
  if (typeof want !== 'object') return undefined;
  if (bytes.length > want.limit) {
    if (want.beyond === 'problem') tell('too large');
    return undefined;
  }
  return analyzer.analyze?.(of, bytes, tell);
}
