import type { ReportSections } from '../../analyzers/analyzer.js';
import type { Base } from '../document.js';
import { mergedBase, sortedEntries } from '../sections.js';
import { textOf } from '../written.js';
import type { OutputName } from './foundation.js';
import { parseRows, rowsText } from './rows.js';

/** Rows of an output: as text in pieces, or as a map. */
type Rows = readonly Buffer[] | Base;

/** Gathers sections of a report, text beside maps, in the order in which they come. */
export class TextSections {
  private readonly gathered = new Map<string, Map<string, Rows[]>>();

  text([analyzer, output]: OutputName, pieces: readonly Buffer[]): void {
    this.add(analyzer, output, pieces);
  }

  maps(sections: ReportSections): void {
    for (const [analyzer, outputs] of Object.entries(sections)) {
      for (const [output, base] of Object.entries(outputs)) this.add(analyzer, output, base);
    }
  }

  /** All of them, sorted; an output of several sources is merged, an empty one left out. */
  assembled(): Map<string, ReadonlyMap<string, readonly Buffer[]>> {
    const all = sortedEntries(this.gathered).map(([analyzer, outputs]) => {
      const full = sortedEntries(outputs).map(([output, sources]) => [output, rowsOf(sources)] as const).filter(([, pieces]) => pieces.some(({ length }) => length > 0));
      return [analyzer, new Map(full)] as const;
    });
    return new Map(all.filter(([, outputs]) => outputs.size > 0));
  }

  private add(analyzer: string, output: string, rows: Rows): void {
    const outputs = this.gathered.get(analyzer) ?? new Map<string, Rows[]>();
    this.gathered.set(analyzer, outputs.set(output, [...(outputs.get(output) ?? []), rows]));
  }
}

function rowsOf(sources: readonly Rows[]): readonly Buffer[] {
  const full = sources.filter((source) => (isText(source) ? source.some(({ length }) => length > 0) : Object.keys(source).length > 0));
  const [only] = full;
  if (full.length === 1 && isText(only)) return only.filter(({ length }) => length > 0);
  return [rowsText(mergedBase(full.map((source) => (isText(source) ? parseRows(textOf(source)) : source))))];
}

function isText(rows: Rows | undefined): rows is readonly Buffer[] {
  return Array.isArray(rows);
}
