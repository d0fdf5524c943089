import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Origin } from '../../src/dockerfile/origin.js';
import { readAligned } from '../../src/dockerfile/read.js';
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

/** Images whose layers were looked into: each instruction put a file into its layer that is named after the instruction's line (README.md there). */
test.each(images)('%s: every layer at the line of the file that is in it', (image) => {
  const { layers, target, expected, history } = JSON.parse(readFileSync(fixture(`dockerfile-marked/${image}.json`), 'utf8')) as Built;
  const rows = history.map((row) => ({ created: '', createdBy: row.created_by, comment: row.comment, emptyLayer: row.empty_layer }));
  const text = readFileSync(fixture(`dockerfile-marked/${image.split('/')[0] ?? ''}/Dockerfile`), 'utf8');
  const { alignment } = readAligned(text, rows, layers, target);
  const told = alignment.origins.filter((_, index) => rows[index]?.emptyLayer === false).map(tell);
  expect(told).toEqual(expected);
});
