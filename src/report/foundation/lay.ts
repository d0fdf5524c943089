import type { Analyzer, ReportSections } from '../../analyzers/analyzer.js';
import type { InstalledPackage } from '../../analyzers/package.js';
import { viewOf } from '../../analyzers/view.js';
import type { Image } from '../../image/image.js';
import type { Problem } from '../../image/layer.js';
import { packagesRows, layersRows } from '../inventory.js';
import { licenseSections } from '../licenses.js';
import { markOwned } from '../ownership.js';
import { packageSections } from '../packages.js';
import { assemble } from '../sections.js';
import { blockOf, LAYERS, PACKAGES, type Foundation, type FoundationMeta, type KeptPart, type OutputName, type SaidFacts } from './foundation.js';
import { groundRows, linkRows } from './groundTable.js';
import { rowsText } from './rows.js';
import { watched, watchedNodes } from './watched.js';

/** Lays a foundation: asks every analyzer what it says of an image, and notes what it looked at. */
export function layFoundation(image: Image, analyzers: readonly Analyzer[]): Foundation & { readonly blocks: ReadonlyMap<string, Buffer> } {
  const blocks = new Map<string, Buffer>();
  const places = new Map<string, number[]>();
  const packages: InstalledPackage[] = [];
  const parts = analyzers.map((analyzer, index): KeptPart => {
    const problems: Problem[] = [];
    const { view, looked } = watched(viewOf(image, analyzer, problems));
    const own = analyzer.packages?.(view) ?? [];
    if (own.length > 0) blocks.set(blockOf.packages(analyzer.name), json(own));
    for (const one of own) packages.push(one);
    const outputs = putSections(analyzer.name, [analyzer.report?.(view) ?? {}], blocks);
    if (analyzer.rows === undefined) putFacts(analyzer, index, image, { blocks, places });
    return { name: analyzer.name, looked: looked(), problems, outputs };
  });
  // facts of rows by path are in the rows, unless others look at them
  for (const [index, analyzer] of analyzers.entries()) {
    if (analyzer.rows !== undefined && parts.some(({ looked }) => looked.of.includes(analyzer.name))) putFacts(analyzer, index, image, { blocks, places });
  }
  const nodes = watchedNodes(image.flattened);
  const catalogued = markOwned(packages, nodes.flattened);
  const packageOutputs = putSections(PACKAGES, [...packageSections(packages), licenseSections(catalogued), packagesRows(catalogued)], blocks);
  putSections(LAYERS, [layersRows(image.flattened.nodes.values())], blocks);
  const meta: FoundationMeta = {
    layers: image.layers.map(({ facts: { diffId, sizeBytes } }) => ({ diffId, sizeBytes })),
    entries: image.layers.reduce((sum, { facts }) => sum + facts.entries.length, 0),
    problems: image.layers.flatMap(({ facts }) => facts.problems),
    parts, ownership: nodes.looked(), packageOutputs,
  };
  blocks.set('nodes', groundRows(image.flattened));
  blocks.set('links', linkRows(image.flattened));
  blocks.set('places', rowsText(Object.fromEntries([...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, numbers]) => [path, numbers.join(' ')]))));
  blocks.set('meta', json(meta));
  return { blocks, get: (block) => blocks.get(block) ?? NOTHING };
}

const NOTHING = Buffer.alloc(0);

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Sections as text, each output a block; gives their names. */
function putSections(part: string, sections: readonly ReportSections[], blocks: Map<string, Buffer>): OutputName[] {
  return Object.entries(assemble(sections)).flatMap(([analyzer, outputs]) => Object.entries(outputs).map(([output, { base }]): OutputName => {
    blocks.set(blockOf.rows(part, [analyzer, output]), rowsText(base));
    return [analyzer, output];
  }));
}

function putFacts({ name }: Analyzer, index: number, image: Image, to: { blocks: Map<string, Buffer>; places: Map<string, number[]> }): void {
  const view = viewOf(image, { name }, []);
  const said: SaidFacts = {
    visible: [...view.facts()].map(({ path, layer, fact }) => [path, layer, fact] as const),
    hidden: [...view.hidden()].map(({ path, layer, hiddenBy, entry, fact }) => [path, layer, hiddenBy, entry, fact] as const),
  };
  to.blocks.set(blockOf.said(name), json(said));
  for (const [path] of said.visible) {
    const numbers = to.places.get(path);
    if (numbers === undefined) to.places.set(path, [index]);
    else numbers.push(index);
  }
}
