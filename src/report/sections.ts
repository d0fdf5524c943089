import type { ReportSections, Section } from '../analyzers/analyzer.js';
import { byCodeUnits } from '../text/order.js';
import type { AnalysisReport, Base } from './document.js';

/** Anchore writes an empty value as this word. */
const NONE = 'none';

/** Puts sections together: outputs of one analyzer from several sources are merged, keys sorted, empty ones left out. */
export function assemble(parts: readonly ReportSections[]): AnalysisReport {
  const merged = new Map<string, Map<string, Section[]>>();
  for (const part of parts) {
    for (const [analyzer, outputs] of Object.entries(part)) {
      for (const [output, section] of Object.entries(outputs)) {
        const ofAnalyzer = merged.get(analyzer) ?? new Map<string, Section[]>();
        merged.set(analyzer, ofAnalyzer.set(output, [...(ofAnalyzer.get(output) ?? []), section]));
      }
    }
  }
  const report: [string, Record<string, { base: Base }>][] = [];
  for (const [analyzer, outputs] of sortedEntries(merged)) {
    const written = sortedEntries(outputs).map(([output, sections]) => [output, { base: mergedBase(sections) }] as const);
    const full = written.filter(([, { base }]) => Object.keys(base).length > 0);
    if (full.length > 0) report.push([analyzer, Object.fromEntries(full)]);
  }
  return Object.fromEntries(report);
}

/** One output of several sources: keys sorted, empty values as the seed's word. */
export function mergedBase(sections: readonly Section[]): Base {
  const [only] = sections;
  if (only !== undefined && sections.length === 1 && isFinal(only)) return only;
  const rows = sections.flatMap((section) => Object.entries(section));
  rows.sort(([a], [b]) => byCodeUnits(a, b));
  return Object.fromEntries(rows.map(([key, value]) => [key, value === '' ? NONE : value]));
}

/** Most sections follow the image's paths, which are sorted: nothing is to be done about them. */
function isFinal(section: Section): boolean {
  let before: string | undefined;
  for (const key of Object.keys(section)) {
    if (section[key] === '' || (before !== undefined && before > key)) return false;
    before = key;
  }
  return true;
}

/** By key, in code units: reports are compared byte for byte. */
export function sortedEntries<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => byCodeUnits(a, b));
}
