import type { AnalysisReport, Base, ImageReport } from './document.js';
import { parseRows } from './foundation/rows.js';
import type { ParsedReport } from './parse.js';
import { lazily } from './readSection.js';

/** A report whose sections are text already. */
export interface WrittenReport {
  /** 64 hex digits. */
  readonly imageId: string;
  /** analyzer → output → its rows' text, in pieces that commas go between. Sorted by name. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, readonly Buffer[]>>;
  readonly manifest: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly imageReport: ImageReport;
}

/** The report as it would be read from its file; sections are parsed when they are first asked for. */
export function parsedReport({ imageId, sections, imageReport }: WrittenReport): ParsedReport {
  const analysis: AnalysisReport = Object.fromEntries([...sections].map(([analyzer, outputs]) =>
    [analyzer, Object.fromEntries([...outputs].map(([output, pieces]) => [output, laterIn(pieces)]))]));
  // what we wrote has the parsed shape by construction
  return { document: [{ image: { imageId, imagedata: { analysis_report: analysis, image_report: imageReport } } }] } as unknown as ParsedReport;
}

function laterIn(pieces: readonly Buffer[]): { readonly base: Base } {
  const base = lazily(() => parseRows(textOf(pieces)));
  return { get base() { return base(); } };
}

const COMMA = Buffer.from(',');

/** Pieces as one. */
export function textOf(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  return Buffer.concat(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [COMMA, piece])));
}
