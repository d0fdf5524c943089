import { baseOf, schemeOf, semverOrder, type AnyScheme, type Place } from './versions/index.js';
import { isDigitCode } from './versions/order.js';
import { EVENT_KINDS, type Affected, type Bounds, type EventKind, type RangeEvent, type VersionRange } from './record.js';
import type { VersionList } from './versionList.js';

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

/** A version as it stands against the bounds of one ecosystem. */
export interface Installed {
  readonly version: string;
  readonly ecosystem: string;
  /** In the ecosystem's own order; undefined where we know none for it or that cannot read it: then it is looked for by equality only. */
  readonly place: Place | undefined;
  readonly order: AnyScheme | undefined;
  /** In the order of ranges of type `SEMVER`. */
  readonly semverPlace: Place | undefined;
  readonly semverOrder: AnyScheme | undefined;
}

export function installed(ecosystem: string, version: string): Installed {
  const order = schemeOf(ecosystem);
  const place = order?.place(version);
  if (order === undefined || place?.isRead !== true) return { version, ecosystem, place: undefined, order, semverPlace: undefined, semverOrder: order };
  const isRefined = order === semverOrder || REFINES_SEMVER.has(baseOf(ecosystem));
  return { version, ecosystem, place, order, semverPlace: isRefined ? place : semverOrder.place(version), semverOrder: isRefined ? order : semverOrder };
}

/**
 * OSV's evaluation, https://ossf.github.io/osv-schema/#evaluation: in the list of versions, or in one of the ranges.
 * A version that its scheme cannot read is looked for by equality only.
 */
export function holding({ bounds, ecosystem, index }: Affected, version: string): Holding {
  return placed(boundsHolding(bounds, installed(ecosystem, version)), index);
}

const NOT_HOLDING: Holding = { holds: false, rule: '', doubts: [] };

/** Says where in its record a judgement on some bounds stands. */
export function placed(held: Holding, index: number): Holding {
  if (held === NOT_HOLDING) return held;
  const place = `affected[${index}].`;
  return { holds: held.holds, rule: held.rule === '' ? '' : place + held.rule, doubts: held.doubts.map((doubt) => place + doubt) };
}

/** As `holding`, for all that share some bounds: its texts say nothing of the place in a record. */
export function boundsHolding({ ranges, versions }: Bounds, { version, place, order, semverPlace, semverOrder: semver }: Installed): Holding {
  if (versions.has(version)) return { holds: true, rule: `versions has ${version}`, doubts: [] };
  if (place === undefined || order === undefined || semverPlace === undefined || semver === undefined) return equality(ranges, version);
  let doubts: readonly string[] = NOT_HOLDING.doubts;
  for (const range of ranges) {
    const judged = range.type === 'SEMVER' ? judge(range.events, semverPlace, semver) : judge(range.events, place, order);
    if (judged.doubt !== '') doubts = [...doubts, `ranges[${range.index}]: ${judged.doubt}`];
    if (judged.interval !== '') return { holds: true, rule: `ranges[${range.index}] (${range.type}) ${judged.interval}`, doubts };
  }
  const equal = equalIn(versions, place, order);
  if (equal === undefined) return doubts.length === 0 ? NOT_HOLDING : { holds: false, rule: '', doubts };
  return { holds: true, rule: `versions has ${equal}`, doubts };
}

/** The first listed version that the scheme takes for the same, though it is written otherwise. */
function equalIn(versions: VersionList, place: Place, order: AnyScheme): string | undefined {
  if (versions.lines === '') return undefined;
  const lead = versions.hasEpochs ? undefined : leadOf(place.text);
  return versions.all().find((listed) => {
    if (lead !== undefined && !mayLeadWith(listed, lead)) return false;
    const other = order.place(listed);
    return other.isRead && place.to(other) === 0;
  });
}

/** The numbers with which a version begins, without leading zeros: `1` and `2` of `1.02.3`. */
interface Lead {
  readonly first: string;
  /** Undefined where no number follows after a dot. */
  readonly second: string | undefined;
}

function leadOf(version: string): Lead | undefined {
  const [, first, second] = /^0*(\d+)(?![\d!:])(?:\.0*(\d+)(?![\d!:]))?/.exec(version) ?? [];
  return first === undefined ? undefined : { first, second };
}

/** False where a version begins with other numbers, by which no scheme calls it the same. */
function mayLeadWith(listed: string, { first, second }: Lead): boolean {
  if (!isDigitCode(listed.charCodeAt(0))) return true;
  const end = endOfNumber(listed, 0, first);
  if (end < 0 || second === undefined) return end >= 0;
  const isSecond = listed.charCodeAt(end) === 46 && isDigitCode(listed.charCodeAt(end + 1));
  return !isSecond || endOfNumber(listed, end + 1, second) >= 0;
}

/** Where the digits end that stand at a place; -1 where they are not the given number. */
function endOfNumber(text: string, at: number, number: string): number {
  let start = at;
  while (text.charCodeAt(start) === 48 && isDigitCode(text.charCodeAt(start + 1))) start++;
  const end = start + number.length;
  return text.startsWith(number, start) && !isDigitCode(text.charCodeAt(end)) ? end : -1;
}

interface Judged {
  /** Around the version, as mathematicians write it; empty where the range does not hold it. */
  readonly interval: string;
  /** What is wrong with the range, or the empty string. */
  readonly doubt: string;
}

const OUTSIDE: Judged = { interval: '', doubt: '' };

function judge(events: readonly RangeEvent[], place: Place, order: AnyScheme): Judged {
  return judgePlain(events, place, order) ?? judgeAny(events, place, order);
}

/** Most ranges: one beginning, and one end above it or none. Undefined for any other. */
function judgePlain(events: readonly RangeEvent[], place: Place, order: AnyScheme): Judged | undefined {
  const [first, second] = [events[0], events[1]];
  if (first?.kind !== 'introduced' || events.length > 2) return undefined;
  const start = isZero(first) ? null : order.place(first.version);
  if (start?.isRead === false) return undefined;
  const begins = start === null || place.to(start) >= 0;
  if (second === undefined) return begins ? { interval: `[${first.version}, ∞)`, doubt: '' } : OUTSIDE;
  if (second.kind !== 'fixed' && second.kind !== 'last_affected') return undefined;
  const end = order.place(second.version);
  if (!end.isRead || (start !== null && start.to(end) > 0)) return undefined;
  if (!begins) return OUTSIDE;
  const beyond = place.to(end);
  if (beyond > 0 || (beyond === 0 && second.kind === 'fixed')) return OUTSIDE;
  return { interval: `[${first.version}, ${second.version}${second.kind === 'fixed' ? ')' : ']'}`, doubt: '' };
}

/** An event with where it is; null for the beginning of everything and the end of it. */
interface PlacedEvent {
  readonly kind: EventKind;
  readonly version: string;
  readonly place: Place | null;
}

function judgeAny(unsorted: readonly RangeEvent[], place: Place, order: AnyScheme): Judged {
  const events: PlacedEvent[] = [];
  for (const event of unsorted) {
    const at = isZero(event) || isInfinite(event) ? null : order.place(event.version);
    if (at?.isRead === false) return { interval: '', doubt: `${order.name} cannot read ${JSON.stringify(event.version.slice(0, 60))}` };
    events.push({ kind: event.kind, version: event.version, place: at });
  }
  if (!areSorted(events)) events.sort(compareEvents);
  const holds = isBeforeLimits(events, place) && isInEvents(events, place);
  return { interval: holds ? intervalText(events, place) : '', doubt: contradictionIn(events) ?? '' };
}

function equality(ranges: readonly VersionRange[], version: string): Holding {
  const range = ranges.find(({ events }) => events.some((event) => isAffectedBound(event) && event.version === version));
  return range === undefined ? NOT_HOLDING : { holds: true, rule: `ranges[${range.index}] names ${version}`, doubts: [] };
}

/** @returns the versions that end a range above the given one and are not themselves affected, smallest first: the first is the fix on the installed branch */
export function fixesAbove(entries: readonly Affected[], version: string): readonly string[] {
  const ecosystem = entries[0]?.ecosystem;
  const scheme = ecosystem === undefined ? undefined : schemeOf(ecosystem);
  if (ecosystem === undefined || scheme === undefined) return [];
  const place = scheme.place(version);
  const fixed = new Set<string>();
  for (const { bounds } of entries) for (const { events } of bounds.ranges) for (const event of events) if (event.kind === 'fixed') fixed.add(event.version);
  return [...fixed].map((candidate) => scheme.place(candidate))
    .filter((candidate) => candidate.isRead && (!place.isRead || candidate.to(place) > 0))
    .filter(({ text }) => !isAffectedBy(entries, ecosystem, text))
    .sort((a, b) => a.to(b))
    .map(({ text }) => text);
}

function isAffectedBy(entries: readonly Affected[], ecosystem: string, version: string): boolean {
  const candidate = installed(ecosystem, version);
  return entries.some(({ bounds }) => boundsHolding(bounds, candidate).holds);
}

function isAffectedBound(event: RangeEvent): boolean {
  return event.kind === 'introduced' || event.kind === 'last_affected';
}

/** `0` is before everything, `*` after it, whatever the scheme. */
function isZero(event: RangeEvent): boolean {
  return event.kind === 'introduced' && event.version === '0';
}

function isInfinite(event: RangeEvent): boolean {
  return event.kind === 'limit' && event.version.includes('*');
}

function areSorted(events: readonly PlacedEvent[]): boolean {
  let before: PlacedEvent | undefined;
  for (const event of events) {
    if (before !== undefined && compareEvents(before, event) > 0) return false;
    before = event;
  }
  return true;
}

/** By version; at one version what introduces comes before what ends. */
function compareEvents(a: PlacedEvent, b: PlacedEvent): number {
  if (a.place === null || b.place === null) return extremity(a) - extremity(b);
  return a.place.to(b.place) || EVENT_KINDS.indexOf(a.kind) - EVENT_KINDS.indexOf(b.kind);
}

function extremity({ kind, place }: PlacedEvent): number {
  if (place !== null) return 0;
  return kind === 'introduced' ? -1 : 1;
}

function isBeforeLimits(events: readonly PlacedEvent[], place: Place): boolean {
  const limits = events.filter((event) => event.kind === 'limit');
  return limits.length === 0 || limits.some((limit) => limit.place === null || place.to(limit.place) < 0);
}

/**
 * Real records say `[0.12.2, 0.13.0)` and `[0.13.0, 0.14.0)` in one list: what ends at a version where another interval begins
 * ends the one that was there before, and `[1.0.0, 1.0.0)` is empty.
 */
function isInEvents(events: readonly PlacedEvent[], installedPlace: Place): boolean {
  let affected = false;
  let begunAgain: Place | null = null;
  for (const { kind, place } of events) {
    if (kind === 'introduced') {
      if (place !== null && installedPlace.to(place) < 0) break;
      if (affected) begunAgain = place;
      affected = true;
      continue;
    }
    if (place === null || kind === 'limit') continue;
    if (begunAgain !== null && place.to(begunAgain) === 0) {
      begunAgain = null;
      continue;
    }
    const beyond = installedPlace.to(place);
    if (kind === 'fixed' ? beyond >= 0 : beyond > 0) affected = false;
  }
  return affected;
}

/** A range must begin before it ends, and may end in one way only: the schema's "Requirements". */
function contradictionIn(events: readonly PlacedEvent[]): string | null {
  const first = events.find((event) => event.kind !== 'limit');
  if (first !== undefined && first.kind !== 'introduced') return `it ends at ${first.version} before it begins`;
  if (events.some((event) => event.kind === 'fixed') && events.some((event) => event.kind === 'last_affected')) return 'it has both fixed and last_affected';
  return null;
}

/** The interval around a version, as mathematicians write it. */
function intervalText(events: readonly PlacedEvent[], place: Place): string {
  const start = events.findLast((event) => event.kind === 'introduced' && (event.place === null || place.to(event.place) >= 0));
  const end = events.find(({ kind, place: at }) => at !== null && ((kind === 'fixed' && place.to(at) < 0) || (kind === 'last_affected' && place.to(at) <= 0)));
  if (end === undefined) return `[${start?.version ?? '0'}, ∞)`;
  return `[${start?.version ?? '0'}, ${end.version}${end.kind === 'fixed' ? ')' : ']'}`;
}
