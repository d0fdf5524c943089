import { baseOf, schemeOf, semverOrder, type AnyScheme } from './versions/index.js';
import { EVENT_KINDS, type Affected, type Bounds, type RangeEvent, type VersionRange } from './record.js';

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
  return placed(boundsHolding(affected.bounds, affected.ecosystem, version), affected.index);
}

/** Answers as `holding` does about one version, many times: statements that share their bounds are judged once. */
export function holdingOf(version: string): (affected: Affected) => Holding {
  const known = new Map<Bounds, Holding>();
  return ({ bounds, ecosystem, index }) => {
    const before = known.get(bounds);
    const found = before ?? boundsHolding(bounds, ecosystem, version);
    if (before === undefined) known.set(bounds, found);
    return found.holds || found.doubts.length > 0 ? placed(found, index) : found;
  };
}

function placed({ holds, rule, doubts }: Holding, index: number): Holding {
  const place = `affected[${index}].`;
  return { holds, rule: rule === '' ? '' : place + rule, doubts: doubts.map((doubt) => place + doubt) };
}

/** Its texts say nothing of the place in the record. */
function boundsHolding({ ranges, versions }: Bounds, ecosystem: string, version: string): Holding {
  if (versions.includes(version)) return { holds: true, rule: `versions has ${version}`, doubts: [] };
  const scheme = schemeOf(ecosystem);
  if (scheme === undefined || !scheme.reads(version)) return equality(ranges, version);
  const doubts: string[] = [];
  for (const range of ranges) {
    const order = orderOf(range, ecosystem, scheme);
    const unread = range.events.find((event) => !readsBound(order, event));
    if (unread !== undefined) {
      doubts.push(`ranges[${range.index}]: ${order.name} cannot read ${JSON.stringify(unread.version.slice(0, 60))}`);
      continue;
    }
    const events = sortedEvents(range.events, order);
    const contradiction = contradictionIn(events);
    if (contradiction !== null) doubts.push(`ranges[${range.index}]: ${contradiction}`);
    if (isBeforeLimits(events, version, order) && isInEvents(events, version, order)) {
      return { holds: true, rule: `ranges[${range.index}] (${range.type}) ${intervalText(events, version, order)}`, doubts };
    }
  }
  const equal = versions.find((listed) => listed[0] === version[0] && scheme.reads(listed) && scheme.compare(listed, version) === 0);
  return { holds: equal !== undefined, rule: equal === undefined ? '' : `versions has ${equal}`, doubts };
}

function equality(ranges: readonly VersionRange[], version: string): Holding {
  const range = ranges.find(({ events }) => events.some((event) => isAffectedBound(event) && event.version === version));
  return { holds: range !== undefined, rule: range === undefined ? '' : `ranges[${range.index}] names ${version}`, doubts: [] };
}

/** @returns the versions that end a range above the given one and are not themselves affected, smallest first: the first is the fix on the installed branch */
export function fixesAbove(entries: readonly Affected[], version: string): readonly string[] {
  const ecosystem = entries[0]?.ecosystem;
  const scheme = ecosystem === undefined ? undefined : schemeOf(ecosystem);
  if (scheme === undefined) return [];
  const readable = scheme.reads(version);
  const fixed = new Set(entries.flatMap((entry) => entry.bounds.ranges.flatMap((range) => range.events.filter((event) => event.kind === 'fixed').map((event) => event.version))));
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
  const [first, second] = events;
  // most ranges: from the beginning to one end
  if (events.length === 1 || (events.length === 2 && first !== undefined && isZero(first) && second?.kind !== 'introduced')) return events;
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
