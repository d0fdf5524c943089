import type { Analyzer, ImageView, Located } from '../../analyzers/analyzer.js';
import { byLayerThenPath } from '../../analyzers/view.js';
import type { Overlay } from '../../image/flatten.js';
import type { FlatNode, Image, ImageLayer } from '../../image/image.js';
import type { FactRow, Problem } from '../../image/layer.js';
import { byCodeUnits } from '../../text/order.js';
import { blockOf, type Foundation, type SaidFacts } from './foundation.js';
import type { GroundTable } from './groundTable.js';
import { OverlaidNodes } from './overlaid.js';

/** Raised where something is asked for that a foundation does not keep: then all layers are to be laid out. */
export class NotKept extends Error {}

type Hidden = Located<unknown> & { readonly hiddenBy: number };

/** More than a layer may have entries. */
const ENTRIES = 2 ** 21;

const keyOf = (layer: number, entry: number): number => layer * ENTRIES + entry;

/** An image that stands on a foundation: what analyzers are shown of it. */
export class Standing {
  readonly image: Image;
  readonly changed: ReadonlyMap<string, FlatNode | undefined>;
  readonly ground: GroundTable;
  private readonly foundation: Foundation;
  private readonly analyzers: ReadonlySet<string>;
  private readonly upper: readonly ImageLayer[];
  private readonly overlay: Overlay;
  /** The nodes of upper layers, by the entry that holds their bytes. */
  private readonly upperNodes = new Map<number, FlatNode[]>();
  private readonly facts = new Map<string, readonly Located<unknown>[]>();

  constructor(foundation: Foundation, ground: GroundTable, overlay: Overlay, image: Omit<Image, 'flattened'>, first: number, analyzers: readonly Analyzer[]) {
    this.foundation = foundation;
    this.ground = ground;
    this.overlay = overlay;
    this.changed = overlay.changed;
    this.upper = image.layers.slice(first);
    this.analyzers = new Set(analyzers.map(({ name }) => name));
    this.image = { ...image, flattened: { nodes: new OverlaidNodes(ground, overlay.changed), get hidden(): never { throw new NotKept('hidden entries'); } } };
    for (const node of overlay.changed.values()) {
      if (node === undefined) continue;
      const key = keyOf(node.contentLayer ?? node.layer, node.content);
      this.upperNodes.set(key, [...(this.upperNodes.get(key) ?? []), node]);
    }
  }

  /** All that an analyzer says of the image. */
  view(analyzer: string, problems: Problem[]): ImageView<unknown> {
    return {
      image: this.image,
      facts: () => this.visible(analyzer),
      hidden: () => this.hidden(analyzer),
      of: <Other>(other: { readonly name: string }) => this.visible(other.name) as readonly Located<Other>[],
      problem: (path, message) => { problems.push({ path, analyzer, message }); },
    };
  }

  /** What an analyzer whose rows are by path says of some paths: it sees no others, but may look them up. */
  viewAt(paths: readonly string[], withLinks: boolean, analyzer: string, problems: Problem[]): ImageView<unknown> {
    const seen = withLinks ? [...new Set([...paths, ...paths.flatMap((path) => this.linksTo(path))])].sort(byCodeUnits) : paths;
    const { nodes } = this.image.flattened;
    const some = new Map(seen.flatMap((path) => {
      const node = nodes.get(path);
      return node === undefined ? [] : [[path, node] as const];
    }));
    return {
      ...this.view(analyzer, problems),
      image: { ...this.image, flattened: { nodes: new SomeNodes(some, nodes), get hidden(): never { throw new NotKept('hidden entries'); } } },
      facts: () => this.upperFacts(analyzer),
      hidden: () => { throw new NotKept(`hidden facts of ${analyzer}`); },
      of: () => { throw new NotKept(`facts for ${analyzer}`); },
    };
  }

  /** Symlinks that lead to a path by one step; those that came with upper layers are among the changed. */
  private linksTo(path: string): readonly string[] {
    return this.ground.linksTo(path).filter((link) => !this.changed.has(link));
  }

  private visible(analyzer: string): readonly Located<unknown>[] {
    const known = this.facts.get(analyzer);
    if (known !== undefined) return known;
    const below = this.said(analyzer).visible.filter(([path]) => !this.changed.has(path)).map(([path, layer, fact]) => this.located(path, layer, fact));
    const all = [...below, ...this.upperFacts(analyzer)].sort((a, b) => byCodeUnits(a.path, b.path));
    this.facts.set(analyzer, all);
    return all;
  }

  private hidden(analyzer: string): readonly Hidden[] {
    const said = this.said(analyzer);
    const below = new Map(said.visible.map(([path, layer, fact]) => [this.contentOf(path), this.located(path, layer, fact)]));
    const above = new Map(this.upper.map(({ index, facts }) => [index, new Map((facts.facts[analyzer] ?? []) as readonly FactRow[])]));
    const now = this.overlay.hidden.flatMap(({ path, layer, entry, hiddenBy }): Hidden[] => {
      const own = above.get(layer);
      if (own === undefined) {
        const was = below.get(keyOf(layer, entry));
        return was === undefined ? [] : [{ ...was, path, hiddenBy }];
      }
      const fact = this.upperNodes.has(keyOf(layer, entry)) ? undefined : own.get(entry);
      const there = this.image.layers[layer]?.facts.entries[entry];
      return fact === undefined || there === undefined ? [] : [{ path, entry: there, layer, fact, hiddenBy }];
    });
    const before = said.hidden.map(([path, layer, hiddenBy, entry, fact]): Hidden => ({ path, entry, layer, fact, hiddenBy }));
    return [...before, ...now].sort(byLayerThenPath);
  }

  private upperFacts(analyzer: string): Located<unknown>[] {
    const found = this.upper.flatMap(({ index, facts }) => [...new Map((facts.facts[analyzer] ?? []) as readonly FactRow[])].flatMap(([entry, fact]) =>
      (this.upperNodes.get(keyOf(index, entry)) ?? []).map((node): Located<unknown> => ({ path: node.path, entry: node.entry, layer: node.layer, fact }))));
    return found.sort((a, b) => byCodeUnits(a.path, b.path));
  }

  private located(path: string, layer: number, fact: unknown): Located<unknown> {
    const node = this.ground.get(path);
    if (node === undefined) throw new Error(`The foundation has a fact of ${path}, and not the path`);
    return { path, entry: node.entry, layer, fact };
  }

  /** Names the entry that holds the bytes of a path of the ground. */
  private contentOf(path: string): number {
    const node = this.ground.get(path);
    return node === undefined ? -1 : keyOf(node.contentLayer ?? node.layer, node.content);
  }

  private said(analyzer: string): SaidFacts {
    const bytes = this.foundation.get(blockOf.said(analyzer));
    // of an analyzer that is switched off there are none
    if (bytes.length === 0 && !this.analyzers.has(analyzer)) return { visible: [], hidden: [] };
    if (bytes.length === 0) throw new NotKept(`facts of ${analyzer}`);
    return JSON.parse(bytes.toString('utf8')) as SaidFacts;
  }
}

/** Goes through some nodes, and looks up all. */
class SomeNodes extends Map<string, FlatNode> {
  private readonly everywhere: ReadonlyMap<string, FlatNode>;

  constructor(some: Iterable<readonly [string, FlatNode]>, everywhere: ReadonlyMap<string, FlatNode>) {
    super();
    this.everywhere = everywhere;
    for (const [path, node] of some) this.set(path, node);
  }

  override get(path: string): FlatNode | undefined {
    return this.everywhere.get(path);
  }

  override has(path: string): boolean {
    return this.everywhere.has(path);
  }
}
