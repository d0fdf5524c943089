import type { HistoryRow } from '../image/config.js';
import { agree, type Found } from './agree.js';
import { compare, inOrder } from './compare.js';
import { parseHistory } from './history.js';
import type { Dockerfile, Instruction } from './instruction.js';
import { isSquash, sharedLayers } from './layers.js';
import type { Alignment, Origin } from './origin.js';
import { recorded } from './recorded.js';

/** Images have at most 127 layers and some hundred rows; the tables grow with rows times instructions. */
const MAX_ROWS = 2_000;

/**
 * Aligns history with the instructions that led to the image. The rows at history's head that no instruction explains are the base's.
 * A row is told to come from an instruction only where the row's own text is the instruction's, and could be no other's.
 * @param history of the whole image, base first, as its config has it.
 * @param layers how many layers the image has: squashing shows in it.
 */
export function align(dockerfile: Dockerfile, history: readonly HistoryRow[], layers: number): Alignment {
  const rows = history.slice(0, MAX_ROWS).map((row) => parseHistory(row.createdBy, row.comment));
  const isScratch = dockerfile.leading[0]?.base === 'scratch';
  const attempts = recorded(dockerfile, rows).map((instructions): Alignment => {
    if (history.length > MAX_ROWS || instructions.length > MAX_ROWS) return { agreement: 'none', confidence: 0, origins: unsure(history) };
    const wanted = inOrder(instructions);
    const likeness = rows.map((row) => wanted.map((form) => compare(row, form)));
    const found = agree({ likeness, free: history.map(isSquash), history, rows, instructions, isScratch });
    const { agreement, confidence } = found;
    if (agreement === 'none') return { agreement, confidence, origins: unsure(history) };
    return { agreement, confidence, origins: sharedLayers(origins(found, instructions, history), history, layers, isScratch) };
  });
  return attempts.reduce((best, other) => (other.confidence > best.confidence ? other : best));
}

/** Of each row by itself. */
function origins({ pairs, isBase, isAdded }: Found, instructions: readonly Instruction[], history: readonly HistoryRow[]): readonly Origin[] {
  const byRow = new Map(pairs.map(({ row, instruction }) => [row, instructions[instruction]]));
  return history.map((_, row) => {
    const instruction = byRow.get(row);
    if (instruction !== undefined) return { kind: 'instructions', instructions: [instruction] };
    return isAdded(row) ? { kind: 'instructions', instructions: [] } : { kind: isBase(row) ? 'base' : 'unsure' };
  });
}

function unsure(history: readonly HistoryRow[]): readonly Origin[] {
  return history.map(() => ({ kind: 'unsure' }));
}

/** How many layers came with the base image; undefined where history and Dockerfile do not tell. */
export function baseLayers({ agreement, origins }: Alignment, history: readonly HistoryRow[], layers: number): number | undefined {
  const told = origins.filter((_, row) => history[row]?.emptyLayer === false).map(({ kind }) => kind);
  if (agreement === 'none' || told.length !== layers) return undefined;
  const own = told.findIndex((kind) => kind !== 'base');
  return own === -1 ? layers : told[own] === 'unsure' ? undefined : own;
}
