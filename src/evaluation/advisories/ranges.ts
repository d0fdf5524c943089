import { baseOf, schemeOf, semverOrder, type AnyScheme } from './versions/index.js';
import { EVENT_KINDS, type Affected, type RangeEvent, type VersionRange } from './record.js';

/** Whether an `affected[]` holds a version, and why. */
export interface Holding {
  readonly holds: boolean;
  /** `affected[0].ranges[1] (SEMVER) [4.0.0, 4.17.21)`, or the empty string. */
  readonly rule: string;
  /** What could not be judged, one sentence each. */
  readonly doubts: readonly string[];
}

/** Ecosystems whose own order refines SemVer where a range says `SEMVER`: Go's toolchain names, Dart's build numbers. */
const REFINES_SEMVER = new Set(['Go', 'Pub']);

/**
 * OSV's evaluation, https://ossf.github.io/osv-schema/#evaluation: in the list of versions, or in one of the ranges.
 * A version that its scheme cannot read is looked for by equality only.
 */
export function holding(affected: Affected, version: string): Holding {
  const scheme = schemeOf(affected.ecosystem);
  const place = `affected[${affected.index}]`;
  const readable = scheme !== undefined && scheme.reads(version);
  if (affected.versions.includes(version)) return { holds: true, rule: `${place}.versions has ${version}`, doubts: [] };
  const doubts: string[] = [];
  for (const range of affected.ranges) {
    if (!readable) {
      if (range.events.some((event) => isAffectedBound(event) && event.version === version)) return { holds: true, rule: `${place}.ranges[${range.index}] names ${version}`, doubts };
      continue;
    }
    const order = orderOf(range, affected.ecosystem, scheme);
    const unread = range.events.find((event) => !readsBound(order, event));
    if (unread !== undefined) {
      doubts.push(`${place}.ranges[${range.index}]: ${order.name} cannot read ${JSON.stringify(unread.version.slice(0, 60))}`);
      continue;
    }
    const events = sortedEvents(range.events, order);
    const contradiction = contradictionIn(events);
    if (contradiction !== null) doubts.push(`${place}.ranges[${range.index}]: ${contradiction}`);
    if (isBeforeLimits(events, version, order) && isInEvents(events, version, order)) {
      return { holds: true, rule: `${place}.ranges[${range.index}] (${range.type}) ${intervalText(events, version, order)}`, doubts };
    }
  }
  const equal = readable ? affected.versions.find((listed) => listed[0] === version[0] && scheme.reads(listed) && scheme.compare(listed, version) === 0) : undefined;
  if (equal !== undefined) return { holds: true, rule: `${place}.versions has ${equal}`, doubts };
  return { holds: false, rule: '', doubts };
}

/** @returns the versions that end a range above the given one and are not themselves affected, smallest first: the first is the fix on the installed branch */
export function fixesAbove(entries: readonly Affected[], version: string): readonly string[] {
  const ecosystem = entries[0]?.ecosystem;
  const scheme = ecosystem === undefined ? undefined : schemeOf(ecosystem);
  if (scheme === undefined) return [];
  const readable = scheme.reads(version);
  const fixed = new Set(entries.flatMap((entry) => entry.ranges.flatMap((range) => range.events.filter((event) => event.kind === 'fixed').map((event) => event.version))));
  return [...fixed]
    .filter((candidate) => scheme.reads(candidate) && (!readable || scheme.compare(candidate, version) > 0))
    .filter((candidate) => !entries.some((entry) => holding(entry, candidate).holds))
    .sort((a, b) => scheme.compare(a, b));
}

function isAffectedBound(event: RangeEvent): boolean {
  return event.kind === 'introduced' || event.kind === 'last_affected';
}

function orderOf(range: VersionRange, ecosystem: string, own: AnyScheme): AnyScheme {
  return range.type === 'SEMVER' && !REFINES_SEMVER.has(baseOf(ecosystem)) ? semverOrder : own;
}

/** `0` is before everything, `*` after it, whatever the scheme. */
function readsBound(order: AnyScheme, event: RangeEvent): boolean {
  return isZero(event) || isInfinite(event) || order.reads(event.version);
}

function isZero(event: RangeEvent): boolean {
  return event.kind === 'introduced' && event.version === '0';
}

function isInfinite(event: RangeEvent): boolean {
  return event.kind === 'limit' && event.version.includes('*');
}

/** By version; at one version what introduces comes before what ends. */
function sortedEvents(events: readonly RangeEvent[], order: AnyScheme): readonly RangeEvent[] {
  return [...events].sort((a, b) => {
    if (isZero(a) || isZero(b)) return Number(isZero(b)) - Number(isZero(a));
    if (isInfinite(a) || isInfinite(b)) return Number(isInfinite(a)) - Number(isInfinite(b));
    return order.compare(a.version, b.version) || EVENT_KINDS.indexOf(a.kind) - EVENT_KINDS.indexOf(b.kind);
  });
}

function isBeforeLimits(events: readonly RangeEvent[], version: string, order: AnyScheme): boolean {
  const limits = events.filter((event) => event.kind === 'limit');
  return limits.length === 0 || limits.some((limit) => isInfinite(limit) || order.compare(version, limit.version) < 0);
}

function isInEvents(events: readonly RangeEvent[], version: string, order: AnyScheme): boolean {
  let affected = false;
  for (const event of events) {
    if (event.kind === 'introduced') affected = affected || isZero(event) || order.compare(version, event.version) >= 0;
    if (event.kind === 'fixed' && order.compare(version, event.version) >= 0) affected = false;
    if (event.kind === 'last_affected' && order.compare(version, event.version) > 0) affected = false;
  }
  return affected;
}

/** A range must begin before it ends, and may end in one way only: the schema's "Requirements". */
function contradictionIn(events: readonly RangeEvent[]): string | null {
  const first = events.find((event) => event.kind !== 'limit');
  if (first !== undefined && first.kind !== 'introduced') return `it ends at ${first.version} before it begins`;
  if (events.some((event) => event.kind === 'fixed') && events.some((event) => event.kind === 'last_affected')) return 'it has both fixed and last_affected';
  return null;
}

/** The interval around a version, as mathematicians write it. */
function intervalText(events: readonly RangeEvent[], version: string, order: AnyScheme): string {
  const start = events.findLast((event) => event.kind === 'introduced' && (isZero(event) || order.compare(event.version, version) <= 0));
  const end = events.find((event) => (event.kind === 'fixed' || event.kind === 'last_affected') && order.compare(event.version, version) >= 0);
  if (end === undefined) return `[${start?.version ?? '0'}, ∞)`;
  return `[${start?.version ?? '0'}, ${end.version}${end.kind === 'fixed' ? ')' : ']'}`;
}
