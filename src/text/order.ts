/** Compares by UTF-16 code units, as `sort()` does without a locale: the same on every machine. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A copy with its keys sorted, and those of everything inside it, so that the same value gives the same JSON. */
function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => byCodeUnits(a, b));
  // fromEntries defines own properties, so a key `__proto__` from an image stays a key
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedDeep(inner)]));
}

/** JSON with sorted keys. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(sortedDeep(value));
}
