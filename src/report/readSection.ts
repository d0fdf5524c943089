import type { AnalysisReport, Base } from './document.js';

const EMPTY: Base = {};

/** An output's map; empty where the report has none. */
export function baseOf(sections: AnalysisReport, analyzer: string, output: string): Base {
  return sections[analyzer]?.[output]?.base ?? EMPTY;
}

/** One row of an output; undefined where the report has none. */
export function rowOf(sections: AnalysisReport, analyzer: string, output: string, key: string): string | undefined {
  const found = sections[analyzer]?.[output];
  if (found?.rowOf !== undefined) return found.rowOf(key);
  return found !== undefined && Object.hasOwn(found.base, key) ? found.base[key] : undefined;
}

/** A value that may be absent or the seed's word for it. */
export function said(value: string | undefined): string {
  return value === undefined || value === 'none' || value === 'N/A' ? '' : value;
}

/** JSON inside a string of our own writing; undefined where there is none or it is not JSON. */
export function jsonIn<Value>(text: string | undefined): Value | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** Computes at the first call, and keeps it. */
export function lazily<Value>(compute: () => Value): () => Value {
  let kept: { readonly value: Value } | undefined;
  return () => (kept ??= { value: compute() }).value;
}
