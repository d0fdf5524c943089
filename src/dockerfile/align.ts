import type { HistoryRow } from '../image/config.js';
import { compare, comparable, type Comparable, type Likeness } from './compare.js';
import { parseHistory, type HistoryInstruction } from './history.js';
import type { Dockerfile, Instruction } from './instruction.js';
import { jsonWords } from './words.js';

/** Where a row of history comes from. */
export type Origin =
  /** The base image, or what it has the build do (ONBUILD). */
  | { readonly kind: 'base' }
  /** These instructions of the Dockerfile: one, or several that share a layer. `edited`: as it was before somebody changed it. */
  | { readonly kind: 'instructions'; readonly instructions: readonly Instruction[]; readonly edited: boolean }
  /** The Dockerfile's instructions, the base or both: history does not tell. */
  | { readonly kind: 'unsure' };

export interface Alignment {
  /** One for each row of history. */
  readonly origins: readonly Origin[];
  /** Share of the Dockerfile that history shows, less what it shows besides: 1 where they are one, 0 where nothing agrees. */
  readonly confidence: number;
}

/** Below this the Dockerfile is another image's, and no line of it is told. */
export const LINES_FROM = 0.6;
/** From here on a Dockerfile that nobody named may be taken for the image's. */
export const MATCHES_FROM = 0.9;
/** An image that goes on after the Dockerfile's last instruction was built from another one, FROM this one's image. */
const DERIVED = 0.85;
/** Images have at most 127 layers and some hundred rows; the table grows with rows times instructions. */
const MAX_ROWS = 2_000;

const SCORE: Readonly<Record<Likeness, number>> = { same: 10, alike: 6, other: -Infinity };
const GAP = -4;
/** Instructions that can put files into a layer. */
const BRINGS_FILES = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * Aligns history with the instructions that led to the image. The rows at history's head that no instruction explains are the base's.
 * A row is told to come from an instruction only where every best alignment says so.
 * @param history of the whole image, base first, as its config has it.
 * @param layers how many layers the image has: squashing shows in it.
 */
export function align(dockerfile: Dockerfile, history: readonly HistoryRow[], layers: number): Alignment {
  const unsure = history.map((): Origin => ({ kind: 'unsure' }));
  const rows = history.slice(0, MAX_ROWS).map((row) => parseHistory(row.createdBy, row.comment));
  const instructions = recorded(dockerfile, rows);
  if (history.length > MAX_ROWS || instructions.length > MAX_ROWS) return { origins: unsure, confidence: 0 };
  const table = new Table(rows, withShell(instructions), history.map(isSquash), dockerfile.leading[0]?.base !== 'scratch');
  const found = table.confidence();
  if (instructions.length > 0 && found < LINES_FROM) return { origins: unsure, confidence: found };
  const single = ownHead(rows.map((_, index) => originOf(table.choices(index), instructions)), instructions);
  const endsInBuild = single.findLast((_, index) => !isSquash(history[index]))?.kind === 'instructions';
  const confidence = endsInBuild ? found : Math.min(found, DERIVED);
  return { origins: squashed(merged(single, history, isOneLayer(single, history, dockerfile)), history, layers, dockerfile), confidence };
}

/** How sure it is that an image with this history was built from this Dockerfile: 0 to 1. A Dockerfile of FROM alone shows nothing. */
export function matchesHistory(dockerfile: Dockerfile, history: readonly HistoryRow[]): number {
  return align(dockerfile, history, history.filter(({ emptyLayer }) => !emptyLayer).length).confidence;
}

/** The instructions that leave rows. Kaniko writes those alone that make layers, without BuildKit's mark; BuildKit leaves out ONBUILD. */
function recorded(dockerfile: Dockerfile, rows: readonly HistoryInstruction[]): readonly Instruction[] {
  const instructions = dockerfile.leading.flatMap((stage) => stage.instructions.filter(({ keyword }) => keyword !== 'FROM'));
  const last = rows.at(-1);
  const isKaniko = last?.builder === 'other' && BRINGS_FILES.has(last.keyword);
  const hasTriggers = rows.some(({ keyword }) => keyword === 'ONBUILD');
  return instructions.filter(({ keyword }) => (isKaniko ? BRINGS_FILES.has(keyword) : keyword !== 'ONBUILD' || hasTriggers));
}

/** Where the first instructions that bring files are not found in history, the rows before the others need not be the base's. */
function ownHead(origins: readonly Origin[], instructions: readonly Instruction[]): readonly Origin[] {
  const found = origins.find((origin) => origin.kind === 'instructions')?.instructions[0];
  const first = instructions.findIndex(({ keyword }) => BRINGS_FILES.has(keyword));
  if (found === undefined || first === -1 || instructions.indexOf(found) <= first) return origins;
  return origins.map((origin) => (origin.kind === 'base' ? { kind: 'unsure' } : origin));
}

function withShell(instructions: readonly Instruction[]): readonly Comparable[] {
  let shell: readonly string[] = ['/bin/sh', '-c'];
  return instructions.map((instruction) => {
    if (instruction.keyword === 'SHELL') shell = jsonWords(instruction.args) ?? shell;
    return comparable(instruction, shell);
  });
}

function originOf(choices: readonly Choice[], instructions: readonly Instruction[]): Origin {
  const [only, ...others] = choices;
  if (only === undefined || others.length > 0 || only.kind === 'gap') return { kind: 'unsure' };
  if (only.kind === 'base') return { kind: 'base' };
  const instruction = instructions[only.instruction];
  return instruction === undefined ? { kind: 'unsure' } : { kind: 'instructions', instructions: [instruction], edited: only.edited };
}

type Choice = { readonly kind: 'base' } | { readonly kind: 'gap' } | { readonly kind: 'pair'; readonly instruction: number; readonly edited: boolean };

/** What is the same somewhere is no edited version of something else: instructions that changed places are not taken for each other. */
function certain(likeness: readonly (readonly Likeness[])[]): readonly (readonly Likeness[])[] {
  const taken = new Set(likeness.flatMap((row) => row.flatMap((one, instruction) => (one === 'same' ? [instruction] : []))));
  return likeness.map((row) => row.map((one, instruction) => (one === 'alike' && (taken.has(instruction) || row.includes('same')) ? 'other' : one)));
}

/** All best alignments of rows with instructions at once (Needleman and Wunsch, with a free head of rows): best scores of heads and of tails. */
class Table {
  private readonly heads: Float64Array[];
  private readonly tails: Float64Array[];
  private readonly likeness: readonly (readonly Likeness[])[];
  private readonly free: readonly boolean[];
  private readonly hasBase: boolean;
  private readonly rows: number;
  private readonly wanted: number;

  /** @param free rows that belong to no instruction and cost nothing. @param hasBase whether a base may have rows of its own. */
  constructor(rows: readonly HistoryInstruction[], wanted: readonly Comparable[], free: readonly boolean[], hasBase: boolean) {
    this.hasBase = hasBase;
    this.rows = rows.length;
    this.free = free;
    this.wanted = wanted.length;
    this.likeness = certain(rows.map((row) => wanted.map((form) => compare(row, form))));
    this.heads = this.empty();
    this.tails = this.empty();
    for (let i = 0; i <= this.rows; i++) for (let j = 0; j <= this.wanted; j++) this.set(this.heads, i, j, this.head(i, j));
    for (let i = this.rows; i >= 0; i--) for (let j = this.wanted; j >= 0; j--) this.set(this.tails, i, j, this.tail(i, j));
  }

  /** What row `i` is in at least one best alignment. */
  choices(i: number): readonly Choice[] {
    const best = this.at(this.heads, this.rows, this.wanted);
    const found: Choice[] = [];
    for (let j = 0; j <= this.wanted; j++) {
      const head = this.at(this.heads, i, j);
      if (head + this.skip(i, j) + this.at(this.tails, i + 1, j) === best) found.push(j === 0 && this.hasBase ? { kind: 'base' } : { kind: 'gap' });
      if (j < this.wanted && head + this.score(i, j) + this.at(this.tails, i + 1, j + 1) === best) {
        found.push({ kind: 'pair', instruction: j, edited: this.likeness[i]?.[j] === 'alike' });
      }
    }
    return found;
  }

  /** The best score, gaps taken off, of the best there could be. */
  confidence(): number {
    return this.wanted === 0 ? 0 : Math.max(0, this.at(this.heads, this.rows, this.wanted)) / (SCORE.same * this.wanted);
  }

  private head(i: number, j: number): number {
    if (i === 0 && j === 0) return 0;
    const pair = i > 0 && j > 0 ? this.at(this.heads, i - 1, j - 1) + this.score(i - 1, j - 1) : -Infinity;
    const row = i > 0 ? this.at(this.heads, i - 1, j) + this.skip(i - 1, j) : -Infinity;
    const instruction = j > 0 ? this.at(this.heads, i, j - 1) + GAP : -Infinity;
    return Math.max(pair, row, instruction);
  }

  private tail(i: number, j: number): number {
    if (i === this.rows && j === this.wanted) return 0;
    const pair = i < this.rows && j < this.wanted ? this.at(this.tails, i + 1, j + 1) + this.score(i, j) : -Infinity;
    const row = i < this.rows ? this.at(this.tails, i + 1, j) + this.skip(i, j) : -Infinity;
    const instruction = j < this.wanted ? this.at(this.tails, i, j + 1) + GAP : -Infinity;
    return Math.max(pair, row, instruction);
  }

  /** A row before the first instruction is the base's and costs nothing. */
  private skip(i: number, j: number): number {
    return (j === 0 && this.hasBase) || this.free[i] === true ? 0 : GAP;
  }

  private score(i: number, j: number): number {
    return SCORE[this.likeness[i]?.[j] ?? 'other'];
  }

  private empty(): Float64Array[] {
    return Array.from({ length: this.rows + 1 }, () => new Float64Array(this.wanted + 1));
  }

  private at(table: readonly Float64Array[], i: number, j: number): number {
    return table[i]?.[j] ?? -Infinity;
  }

  private set(table: readonly Float64Array[], i: number, j: number, value: number): void {
    const row = table[i];
    if (row !== undefined) row[j] = value;
  }
}

/** What `docker build --squash` writes on a row of its own. */
function isSquash(row: HistoryRow | undefined): boolean {
  return row?.createdBy === '' && row.comment.startsWith('merge sha256:');
}

/** Buildah signs the row that it committed with the image that it started from. */
const BUILDAH = /^FROM /;

/** Several instructions in one layer: buildah without `--layers`, and `docker build --squash`, leave the others' rows empty. */
function merged(origins: readonly Origin[], history: readonly HistoryRow[], oneLayer: boolean): readonly Origin[] {
  return origins.map((origin, index) => {
    const row = history[index];
    if (row === undefined || row.emptyLayer) return origin;
    const squash = isSquash(row);
    if (!squash && !oneLayer && !BUILDAH.test(row.comment) && bringsFiles(origin)) return origin;
    let first = index;
    while (first > 0 && history[first - 1]?.emptyLayer === true && (squash || history[first - 1]?.comment === '')) first--;
    return together(origins.slice(first, squash ? index : index + 1));
  });
}

/** Files never come by ENV, CMD and their kin: a layer at such a row holds what the rows before it brought. */
function bringsFiles(origin: Origin): boolean {
  return origin.kind !== 'instructions' || origin.instructions.some(({ keyword }) => BRINGS_FILES.has(keyword));
}

/** Buildah does not sign what starts FROM scratch. What is copied there first is never nothing: where its row is empty, its files are in a later one. */
function isOneLayer(origins: readonly Origin[], history: readonly HistoryRow[], { leading }: Dockerfile): boolean {
  const first = origins.findIndex((origin) => origin.kind === 'instructions' && origin.instructions.some(({ keyword }) => keyword === 'COPY' || keyword === 'ADD'));
  return leading[0]?.base === 'scratch' && history[first]?.emptyLayer === true;
}

function together(origins: readonly Origin[]): Origin {
  const own = origins.filter((origin) => origin.kind !== 'base');
  if (own.length === 0) return origins.length > 0 ? { kind: 'base' } : { kind: 'unsure' };
  const known = own.flatMap((origin) => (origin.kind === 'instructions' ? [origin] : []));
  if (known.length < own.length) return { kind: 'unsure' };
  const instructions = known.flatMap((origin) => origin.instructions);
  const bringing = instructions.filter(({ keyword }) => BRINGS_FILES.has(keyword));
  return { kind: 'instructions', instructions: bringing.length > 0 ? bringing : instructions, edited: known.some(({ edited }) => edited) };
}

/** A base that left neither a row nor a layer of its own is within the first layer (buildah `--squash`): then that layer is of both. */
function squashed(origins: readonly Origin[], history: readonly HistoryRow[], layers: number, dockerfile: Dockerfile): readonly Origin[] {
  const first = history.findIndex(({ emptyLayer }) => !emptyLayer);
  const told = history.filter(({ emptyLayer }) => !emptyLayer).length;
  const hasBase = origins.some(({ kind }) => kind === 'base') || layers > told || dockerfile.leading[0]?.base === 'scratch';
  return hasBase || first === -1 ? origins : origins.map((origin, index) => (index === first ? { kind: 'unsure' } : origin));
}
