import { EVENT_KINDS, type Affected, type AdvisoryRecord, type BareStatement, type Bounds, type EventKind, type RangeEvent, type StatedSeverity, type Statement, type VersionRange } from '../record.js';
import type { Place } from './format.js';

/**
 * The statements about one package as an index holds them. Most are read only to see that they do not apply, and many have the same bounds:
 * so those are listed once, statements are lists without names, and what is said by few of them comes last and is left out.
 */
interface DenseEntry {
  readonly bounds: readonly DenseBounds[];
  readonly statements: readonly DenseStatement[];
}

type DenseBounds = readonly [versions: readonly string[], ranges: readonly DenseRange[]];
/** Its place, `S` or `E` for its type, and then its events: each the first letters of its kind and the version. */
type DenseRange = readonly [index: number, type: 'S' | 'E', events: readonly string[]];
type DenseStatement = readonly [id: string, offset: number, length: number, index: number, bounds: number, ecosystem: string, name: string, rest?: Rest];
type Rest = readonly [word: string, state: string, severity: readonly StatedSeverity[], binaries: readonly string[] | null, broken: string | null];

const NOTHING: Rest = ['', '', [], null, null];
const KIND_LETTERS = 2;
const KINDS: ReadonlyMap<string, EventKind> = new Map(EVENT_KINDS.map((kind) => [kind.slice(0, KIND_LETTERS), kind]));

/** The statements about one package, as JSON gathered bit by bit. */
export class DenseWriter {
  private readonly bounds = new Map<string, number>();
  private readonly statements: string[] = [];

  /** @returns how many characters that makes */
  add({ id, affected, broken }: BareStatement, [offset, length]: Place): number {
    const { index, ecosystem, name, bounds, word, state, severity, binaries } = affected;
    const boundsJson = JSON.stringify(denseBounds(bounds));
    const known = this.bounds.get(boundsJson);
    const number = known ?? this.bounds.size;
    if (known === undefined) this.bounds.set(boundsJson, number);
    const rest: Rest = [word, state, severity, binaries, broken ?? null];
    const says = word !== '' || state !== '' || severity.length > 0 || binaries !== null || broken !== undefined;
    const statement: DenseStatement = [id, offset, length, index, number, ecosystem, name, ...(says ? [rest] as const : [] as const)];
    const json = JSON.stringify(statement);
    this.statements.push(json);
    return json.length + (known === undefined ? boundsJson.length : 0);
  }

  /** @returns JSON of a `DenseEntry` */
  toString(): string {
    return `{"bounds":[${[...this.bounds.keys()].join(',')}],"statements":[${this.statements.join(',')}]}`;
  }
}

function denseBounds({ versions, ranges }: Bounds): DenseBounds {
  return [versions, ranges.map(({ index, type, events }) => [index, type === 'SEMVER' ? 'S' : 'E', events.map(({ kind, version }) => kind.slice(0, KIND_LETTERS) + version)])];
}

/**
 * @param json what a `DenseWriter` gave
 * @param read gives the record at a place
 */
export function statementsIn(json: string, read: (place: Place) => AdvisoryRecord): readonly Statement[] {
  const entry = JSON.parse(json) as DenseEntry;
  const bounds = entry.bounds.map(boundsOf);
  return entry.statements.map((one) => new StoredStatement(one, bounds[one[4]] ?? boundsOf([[], []]), read));
}

/** Reads its record when that is first asked for. */
class StoredStatement implements Statement {
  readonly id: string;
  readonly affected: Affected;
  readonly broken?: string;
  private readonly offset: number;
  private readonly length: number;
  private readonly read: (place: Place) => AdvisoryRecord;
  private known: AdvisoryRecord | undefined = undefined;

  constructor(dense: DenseStatement, bounds: Bounds, read: (place: Place) => AdvisoryRecord) {
    // by number: to take a list apart costs as much as all the rest, thousands of times
    const rest = dense[7] ?? NOTHING;
    this.id = dense[0];
    this.offset = dense[1];
    this.length = dense[2];
    this.affected = { index: dense[3], ecosystem: dense[5], name: dense[6], bounds, word: rest[0], state: rest[1], severity: rest[2], binaries: rest[3] };
    if (rest[4] !== null) this.broken = rest[4];
    this.read = read;
  }

  get record(): AdvisoryRecord {
    return (this.known ??= this.read([this.offset, this.length]));
  }
}

function boundsOf({ 0: versions, 1: ranges }: DenseBounds): Bounds {
  return { versions, ranges: ranges.map(rangeOf) };
}

function rangeOf({ 0: index, 1: type, 2: events }: DenseRange): VersionRange {
  return { index, type: type === 'S' ? 'SEMVER' : 'ECOSYSTEM', events: events.map(eventOf) };
}

function eventOf(event: string): RangeEvent {
  return { kind: KINDS.get(event.slice(0, KIND_LETTERS)) ?? 'introduced', version: event.slice(KIND_LETTERS) };
}
