import type { AnyScheme } from '../advisories/versions/index.js';

type Operator = '=' | '<' | '<=' | '>' | '>=';

interface Comparator {
  readonly operator: Operator;
  readonly version: string;
}

/** Alternatives, of each of which every comparator has to hold. */
export type VersionRange = readonly (readonly Comparator[])[];

/** Reads `1.2.3`, `>=1.2 <2`, `>=1.2, <2 || 3.0`. Throws an Error of one sentence for what is none. */
export function readVersionRange(text: string): VersionRange {
  return text.split('||').map((alternative) => {
    const parts = alternative.trim().replace(/([<>]=?|=)\s+/g, '$1').split(/[\s,]+/).filter((part) => part !== '');
    if (parts.length === 0) throw new Error(`${JSON.stringify(text)} is no version and no range such as ">=1.2 <2"`);
    return parts.map((part) => {
      const [, operator = '', version = ''] = /^(<=|>=|<|>|==?)?(.*)$/.exec(part) ?? [];
      if (version === '' || /[<>=]/.test(version)) throw new Error(`${JSON.stringify(part)} is no version and no range such as ">=1.2 <2"`);
      return { operator: (operator === '' || operator === '==' ? '=' : operator) as Operator, version };
    });
  });
}

/** Without a known order a version is in a range only if it is named. */
export function inRange(version: string, range: VersionRange, order: AnyScheme | undefined): boolean {
  return range.some((alternative) => alternative.every((comparator) => holds(version, comparator, order)));
}

function holds(version: string, { operator, version: bound }: Comparator, order: AnyScheme | undefined): boolean {
  if (version === bound) return operator === '=' || operator === '<=' || operator === '>=';
  if (order === undefined) return false;
  const sign = order.compare(version, bound);
  switch (operator) {
    case '=': return sign === 0;
    case '<': return sign < 0;
    case '<=': return sign <= 0;
    case '>': return sign > 0;
    case '>=': return sign >= 0;
  }
}
