import { literalFinder } from './literals.js';
import type { LiteralFinder } from './literals.js';
import { patternOf } from './rule.js';
import type { Place, SecretRule } from './rule.js';

/** A secret's place. The secret itself is nowhere but in the bytes that were given. */
export interface SecretMatch {
  readonly rule: SecretRule;
  /** `NAME=regex`. */
  readonly pattern: string;
  /** Offsets in bytes. */
  readonly start: number;
  readonly end: number;
}

export interface Detection {
  readonly matches: readonly SecretMatch[];
  /** False where a file had so many candidates that the rest of it was left. */
  readonly complete: boolean;
}

export interface Where {
  readonly place: Place;
  readonly path: string;
  /** Known examples count too. */
  readonly strict: boolean;
}

/**
 * Most bytes of windows that one file may cost. What people write costs about twice its size; bytes made to hit a literal
 * again and again are given up here, and told.
 */
const MAX_WORK = 64 * 1024 * 1024;

/** Most matches of one file: a dump of ten thousand tokens is known by a thousand. */
const MAX_MATCHES = 1_000;

interface Plan {
  readonly finder: LiteralFinder;
  /** Rules by literal. */
  readonly rules: readonly (readonly SecretRule[])[];
  readonly lengths: readonly number[];
}

export type Detector = (bytes: Buffer, where: Where) => Detection;

/** Makes a detector; it keeps its tables, so make one and use it for all files. */
export function secretDetector(rules: readonly SecretRule[]): Detector {
  // each costs some ten milliseconds, and who masks texts needs one alone
  let everywhere: Plan | undefined;
  let ownText: Plan | undefined;
  return (bytes, where) => detect(where.place === 'vendored'
    ? (everywhere ??= planFor(rules.filter((rule) => !rule.ownTextOnly)))
    : (ownText ??= planFor(rules)), bytes, where);
}

function planFor(rules: readonly SecretRule[]): Plan {
  const byLiteral = new Map<string, SecretRule[]>();
  for (const rule of rules) {
    for (const literal of rule.literals) byLiteral.set(literal, [...(byLiteral.get(literal) ?? []), rule]);
  }
  const literals = [...byLiteral.keys()];
  return { finder: literalFinder(literals), rules: [...byLiteral.values()], lengths: literals.map((literal) => literal.length) };
}

function detect(plan: Plan, bytes: Buffer, where: Where): Detection {
  const matches: SecretMatch[] = [];
  let work = 0;
  let complete = true;
  plan.finder.scan(bytes, (literal, end) => {
    const at = end - (plan.lengths[literal] ?? 0);
    for (const rule of plan.rules[literal] ?? []) {
      if (rule.precheck !== undefined && !rule.precheck(bytes, at, end)) continue;
      const from = Math.max(0, at - rule.before);
      const to = Math.min(bytes.length, at + rule.behind);
      work += to - from;
      const span = rule.find({ text: bytes.toString('latin1', from, to), at: at - from, end: end - from, ...where });
      if (span === undefined) continue;
      matches.push({ rule, pattern: span.pattern === undefined ? patternOf(rule) : span.pattern, start: from + span.start, end: from + span.end });
    }
    complete = work < MAX_WORK && matches.length < MAX_MATCHES;
    return complete;
  });
  return { matches: withoutOverlaps(matches), complete };
}

/** Of overlapping matches the one of the highest rank, then the longest; in the order of the bytes. */
function withoutOverlaps(matches: readonly SecretMatch[]): readonly SecretMatch[] {
  const best = [...matches].sort((a, b) => b.rule.rank - a.rule.rank || b.end - b.start - (a.end - a.start) || a.start - b.start);
  const kept: SecretMatch[] = [];
  for (const match of best) {
    if (!kept.some((other) => match.start < other.end && other.start < match.end)) kept.push(match);
  }
  return kept.sort((a, b) => a.start - b.start);
}
