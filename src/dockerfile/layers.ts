import type { HistoryRow } from '../image/config.js';
import { parseHistory } from './history.js';
import type { Origin } from './origin.js';
import { BRINGS_FILES } from './recorded.js';

/**
 * Origins of rows by themselves, made ones of layers: where several instructions share a layer, its row is of all of them; where the
 * base's files may be in it, too, nothing is told.
 */
export function sharedLayers(origins: readonly Origin[], history: readonly HistoryRow[], layers: number, isScratch: boolean): readonly Origin[] {
  const shared = squashed(merged(origins, history, isScratch && isOneLayer(origins, history)), history, layers, isScratch);
  // what the command line added is at no line
  return shared.map((origin) => (origin.kind === 'instructions' && origin.instructions.length === 0 ? { kind: 'unsure' } : origin));
}

/** What `docker build --squash` writes on a row of its own. */
export function isSquash(row: HistoryRow | undefined): boolean {
  return row?.createdBy === '' && row.comment.startsWith('merge sha256:');
}

const COPIES_OR_RUNS: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);
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
    return together(origins.slice(first, squash ? index : index + 1), history.slice(first, index));
  });
}

/** Files never come by ENV, CMD and their kin: a layer at such a row holds what the rows before it brought. */
function bringsFiles(origin: Origin): boolean {
  return origin.kind !== 'instructions' || origin.instructions.some(({ keyword }) => BRINGS_FILES.has(keyword));
}

/** Buildah does not sign what starts FROM scratch. What is copied there first is never nothing: where its row is empty, its files are in a later one. */
function isOneLayer(origins: readonly Origin[], history: readonly HistoryRow[]): boolean {
  const first = origins.findIndex((origin) => origin.kind === 'instructions' && origin.instructions.some(({ keyword }) => keyword === 'COPY' || keyword === 'ADD'));
  return history[first]?.emptyLayer === true;
}

/** @param rows those of `origins`, but for the last one's layer. */
function together(origins: readonly Origin[], rows: readonly HistoryRow[]): Origin {
  const own = origins.filter((origin) => origin.kind !== 'base');
  if (own.length === 0) return origins.length > 0 ? { kind: 'base' } : { kind: 'unsure' };
  // what the base has the build do (ONBUILD) is in the same layer
  if (rows.some((row, index) => origins[index]?.kind === 'base' && COPIES_OR_RUNS.has(parseHistory(row.createdBy, row.comment).keyword))) return { kind: 'unsure' };
  const known = own.flatMap((origin) => (origin.kind === 'instructions' ? [origin] : []));
  if (known.length < own.length) return { kind: 'unsure' };
  const instructions = known.flatMap((origin) => origin.instructions);
  const bringing = instructions.filter(({ keyword }) => BRINGS_FILES.has(keyword));
  return { kind: 'instructions', instructions: bringing.length > 0 ? bringing : instructions };
}

/** A base that left neither a row nor a layer of its own is within the first layer (buildah `--squash`): then that layer is of both. */
function squashed(origins: readonly Origin[], history: readonly HistoryRow[], layers: number, isScratch: boolean): readonly Origin[] {
  const first = history.findIndex(({ emptyLayer }) => !emptyLayer);
  const told = history.filter(({ emptyLayer }) => !emptyLayer).length;
  const hasBase = origins.some(({ kind }) => kind === 'base') || layers > told || isScratch;
  return hasBase || first === -1 ? origins : origins.map((origin, index) => (index === first ? { kind: 'unsure' } : origin));
}
