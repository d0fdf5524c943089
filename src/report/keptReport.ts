import type { WrittenBlock } from '../cache/blockFile.js';
import type { ImageReport } from './document.js';
import { piecesOf, type WrittenReport } from './written.js';

/** A kept report's head, as the block of this name; the sections' rows are the blocks `ANALYZER OUTPUT`. */
const HEAD = 'head';

interface Head {
  readonly imageId: string;
  readonly outputs: readonly (readonly [analyzer: string, outputs: readonly string[]])[];
  readonly manifest: WrittenReport['manifest'];
  readonly imageReport: ImageReport;
}

/** A report as blocks of bytes, which are not copied for it. */
export function reportBlocks({ imageId, sections, manifest, imageReport }: WrittenReport): Map<string, WrittenBlock> {
  const outputs = [...sections].map(([analyzer, all]) => [analyzer, [...all.keys()]] as const);
  const head: Head = { imageId, outputs, manifest, imageReport };
  const rows = [...sections].flatMap(([analyzer, all]) => [...all].map(([output, pieces]) => [`${analyzer} ${output}`, piecesOf(pieces)] as const));
  return new Map<string, WrittenBlock>([[HEAD, Buffer.from(JSON.stringify(head))], ...rows]);
}

/** The report that blocks hold. */
export function reportOfBlocks(blocks: { get(name: string): Buffer }): WrittenReport {
  const { imageId, outputs, manifest, imageReport } = JSON.parse(blocks.get(HEAD).toString('utf8')) as Head;
  const sections = new Map(outputs.map(([analyzer, names]) => [analyzer, new Map(names.map((output) => [output, [blocks.get(`${analyzer} ${output}`)]] as const))] as const));
  return { imageId, sections, manifest, imageReport };
}
