import type { FlatNode, Image } from '../image/image.js';
import type { Problem } from '../image/layer.js';
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

/** A file's bytes stand in one entry of one layer, whatever its names: `layer:entry`. */
type ContentKey = `${number}:${number}`;

function contentKey(node: FlatNode): ContentKey {
  return `${node.contentLayer ?? node.layer}:${node.content}`;
}

function* visible<Fact>(image: Image, analyzer: string): Generator<Located<Fact>> {
  const facts = factsOf<Fact>(image, analyzer);
  if (facts.size === 0) return;
  for (const node of image.flattened.nodes.values()) {
    const fact = facts.get(contentKey(node));
    if (fact !== undefined) yield { path: node.path, entry: node.entry, layer: node.layer, fact };
  }
}

function* hidden<Fact>(image: Image, analyzer: string): Generator<Located<Fact> & { hiddenBy: number }> {
  const facts = factsOf<Fact>(image, analyzer);
  if (facts.size === 0) return;
  // A file that lost one of its names and has another is still to be seen.
  for (const node of image.flattened.nodes.values()) facts.delete(contentKey(node));
  const found: (Located<Fact> & { hiddenBy: number })[] = [];
  for (const { path, layer, entry: index, hiddenBy } of image.flattened.hidden) {
    const fact = facts.get(`${layer}:${index}`);
    const entry = image.layers[layer]?.facts.entries[index];
    if (fact !== undefined && entry) found.push({ path, entry, layer, fact, hiddenBy });
  }
  yield* found.sort((left, right) => left.layer - right.layer || (left.path < right.path ? -1 : 1));
}

function factsOf<Fact>(image: Image, analyzer: string): Map<ContentKey, Fact> {
  const facts = new Map<ContentKey, Fact>();
  for (const { index, facts: layer } of image.layers) {
    for (const [entry, fact] of layer.facts[analyzer] ?? []) facts.set(`${index}:${entry}`, fact as Fact);
  }
  return facts;
}
