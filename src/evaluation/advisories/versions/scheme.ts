/**
 * How one ecosystem writes and orders its versions. `parse` is as lenient as the ecosystem's own tool: it gives every text a place,
 * because the tool does. `reads` is the honest question, whether the text is a version at all: one that is not is matched by equality only.
 */
export interface VersionScheme<Parsed = unknown> {
  readonly name: string;
  parse(text: string): Parsed;
  /** Negative, zero or positive. */
  compare(a: Parsed, b: Parsed): number;
  reads(text: string): boolean;
}

/** Longest text that is taken for a version; real ones have at most some 100 characters, and a hostile one must not cost time. */
export const LONGEST_VERSION = 512;

/** A scheme with its type closed over, so that schemes of different kinds stand in one table. */
export interface AnyScheme {
  readonly name: string;
  compare(a: string, b: string): number;
  reads(text: string): boolean;
}

/** Versions met lately are kept: one advisory's bounds meet many packages, one package many bounds. */
const KEPT_VERSIONS = 16_384;

export function closed<Parsed>(scheme: VersionScheme<Parsed>): AnyScheme {
  const parse = kept((text) => scheme.parse(text.slice(0, LONGEST_VERSION)));
  const reads = kept((text) => text.length <= LONGEST_VERSION && scheme.reads(text));
  return {
    name: scheme.name,
    compare: (a, b) => Math.sign(scheme.compare(parse(a), parse(b))),
    reads,
  };
}

function kept<Result>(work: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = work(text);
    if (known.size >= KEPT_VERSIONS) known.clear();
    known.set(text, result);
    return result;
  };
}
