import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Origin } from '../../src/dockerfile/origin.js';
import { readAligned } from '../../src/dockerfile/read.js';
import type { HistoryRow } from '../../src/image/config.js';
import { fixture } from '../golden.js';

interface Built {
  readonly layers: number;
  readonly target?: string;
  readonly expected: readonly string[];
  readonly history: readonly { created_by: string; comment: string; empty_layer: boolean }[];
}

function tell(origin: Origin): string {
  if (origin.kind !== 'instructions') return origin.kind;
  return origin.instructions.map(({ startLine, endLine }) => (startLine === endLine ? `${startLine}` : `${startLine}-${endLine}`)).join('+');
}

const images = readdirSync(fixture('dockerfile-marked'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json')).map((file) => file.replaceAll('\\', '/').slice(0, -5)).sort();

function readBuilt(image: string): { readonly built: Built; readonly rows: readonly HistoryRow[]; readonly text: string } {
  const built = JSON.parse(readFileSync(fixture(`dockerfile-marked/${image}.json`), 'utf8')) as Built;
  const rows = built.history.map((row) => ({ created: '', createdBy: row.created_by, comment: row.comment, emptyLayer: row.empty_layer }));
  return { built, rows, text: readFileSync(fixture(`dockerfile-marked/${folderOf(image)}/Dockerfile`), 'utf8') };
}

function folderOf(image: string): string {
  return image.split('/')[0] ?? '';
}

/** Images whose layers were looked into: each instruction put a file into its layer that is named after the instruction's line (README.md there). */
test.each(images)('%s: every layer at the line of the file that is in it', (image) => {
  const { built: { layers, target, expected }, rows, text } = readBuilt(image);
  const { alignment } = readAligned(text, rows, layers, target);
  expect(alignment.origins.filter((_, index) => rows[index]?.emptyLayer === false).map(tell)).toEqual(expected);
});

/** One file that was built to different targets or committed later, and one whose lines the other repeats word by word at its end. */
const SAME: Readonly<Record<string, readonly string[]>> = { target: ['chain'], chain: ['target'], shell: ['commit'], commit: ['shell'], lookbase: ['look2'] };

test.each([...new Set(images.map(folderOf))])('%s is taken for no other image\'s Dockerfile, though all have much in common', (name) => {
  const others = images.filter((image) => folderOf(image) !== name && SAME[name]?.includes(folderOf(image)) !== true);
  const text = readFileSync(fixture(`dockerfile-marked/${name}/Dockerfile`), 'utf8');
  const believed = others.filter((image) => {
    const { built, rows } = readBuilt(image);
    return readAligned(text, rows, built.layers).alignment.agreement !== 'none';
  });
  expect(believed).toEqual([]);
});
