import type { AnalysisReport, ImageReport, Output } from './document.js';
import { parseRows, PathRows } from './foundation/rows.js';
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
    [analyzer, Object.fromEntries([...outputs].map(([output, pieces]) => [output, analyzer === BY_PATH ? searchedIn(pieces) : laterIn(pieces)]))]));
  // what we wrote has the parsed shape by construction
  return { document: [{ image: { imageId, imagedata: { analysis_report: analysis, image_report: imageReport } } }] } as unknown as ParsedReport;
}

function laterIn(pieces: readonly Buffer[]): Output {
  const base = lazily(() => parseRows(textOf(pieces)));
  return { get base() { return base(); } };
}

/** Its rows are of paths, and most who read them want a few. */
const BY_PATH = 'file_checksums';

/** Who asks for more rows than these wants all of them: then to parse them is quicker than to search for each. */
const SEARCHED = 1_000;

function searchedIn(pieces: readonly Buffer[]): Output {
  const text = lazily(() => textOf(pieces));
  const rows = lazily(() => new PathRows(text()));
  const base = lazily(() => parseRows(text()));
  let asked = 0;
  return {
    get base() { return base(); },
    rowOf: (path) => {
      if (++asked <= SEARCHED) return rows().get(path);
      return Object.hasOwn(base(), path) ? base()[path] : undefined;
    },
  };
}

const COMMA = Buffer.from(',');

/** Pieces as one. */
export function textOf(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(piecesOf(pieces));
}

/** Pieces with their commas. */
export function piecesOf(pieces: readonly Buffer[]): readonly Buffer[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [COMMA, piece]));
}
