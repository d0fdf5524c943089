import type { FlatNode, Image } from '../image/image.js';
import type { Problem } from '../image/layer.js';
import { byCodeUnits } from '../text/order.js';
import type { ImageView, Located } from './analyzer.js';

/** What one analyzer said of an image. Problems that it tells while the report is put together are pushed to `problems`. */
export function viewOf<Fact>(image: Image, analyzer: { readonly name: string; readonly __fact?: Fact }, problems: Problem[]): ImageView<Fact> {
  return {
    image,
    facts: () => visible<Fact>(image, analyzer.name),
    hidden: () => hidden<Fact>(image, analyzer.name),
    of: (other) => visible(image, other.name),
    problem: (path, message) => { problems.push({ path, analyzer: analyzer.name, message }); },
  };
}

/** More than a layer may have entries (lanes/readLayer.ts); with it a key is a small integer, of which maps are quick. */
const ENTRIES = 2 ** 21;

/** A file's bytes stand in one entry of one layer, whatever its names. */
function keyOf(layer: number, entry: number): number {
  return layer * ENTRIES + entry;
}

interface Placed {
  readonly node: FlatNode;
  /** Where it stands among the image's paths. */
  readonly position: number;
}

/** The visible nodes by the entry that holds their bytes: some forty analyzers ask, most of them about a handful of files. */
const placed = new WeakMap<Image, ReadonlyMap<number, readonly Placed[]>>();

function nodesByContent(image: Image): ReadonlyMap<number, readonly Placed[]> {
  const known = placed.get(image);
  if (known !== undefined) return known;
  const nodes = new Map<number, Placed[]>();
  let position = 0;
  for (const node of image.flattened.nodes.values()) {
    const key = keyOf(node.contentLayer ?? node.layer, node.content);
    const same = nodes.get(key);
    if (same === undefined) nodes.set(key, [{ node, position }]);
    else same.push({ node, position });
    position++;
  }
  placed.set(image, nodes);
  return nodes;
}

function* visible<Fact>(image: Image, analyzer: string): Generator<Located<Fact>> {
  const nodes = nodesByContent(image);
  const found: (Placed & { readonly fact: Fact })[] = [];
  for (const [key, fact] of factsOf<Fact>(image, analyzer)) {
    for (const { node, position } of nodes.get(key) ?? []) found.push({ node, position, fact });
  }
  found.sort((left, right) => left.position - right.position);
  for (const { node, fact } of found) yield { path: node.path, entry: node.entry, layer: node.layer, fact };
}

function* hidden<Fact>(image: Image, analyzer: string): Generator<Located<Fact> & { hiddenBy: number }> {
  const facts = factsOf<Fact>(image, analyzer);
  if (facts.size === 0) return;
  // A file that lost one of its names and has another is still to be seen.
  const nodes = nodesByContent(image);
  const found: (Located<Fact> & { hiddenBy: number })[] = [];
  for (const { path, layer, entry: index, hiddenBy } of image.flattened.hidden) {
    const key = keyOf(layer, index);
    const fact = nodes.has(key) ? undefined : facts.get(key);
    const entry = image.layers[layer]?.facts.entries[index];
    if (fact !== undefined && entry) found.push({ path, entry, layer, fact, hiddenBy });
  }
  yield* found.sort(byLayerThenPath);
}

/** The order of `hidden()`. */
export function byLayerThenPath(left: { readonly layer: number; readonly path: string }, right: { readonly layer: number; readonly path: string }): number {
  return left.layer - right.layer || byCodeUnits(left.path, right.path);
}

function factsOf<Fact>(image: Image, analyzer: string): Map<number, Fact> {
  const facts = new Map<number, Fact>();
  for (const { index, facts: layer } of image.layers) {
    for (const [entry, fact] of layer.facts[analyzer] ?? []) facts.set(keyOf(index, entry), fact as Fact);
  }
  return facts;
}
