import { EVENT_KINDS, siblingsAmong, type Affected, type AdvisoryRecord, type BareStatement, type BoundedStatements, type Bounds, type EventKind, type PackageStatements, type RangeEvent, type StatedSeverity, type Statement, type VersionRange } from '../record.js';
import type { Place } from './format.js';

/**
 * The statements about one package as an index holds them: a line that is read whole, and after it the statements below each bounds,
 * which are read only where those hold the version. What is said by few of them comes last and is left out.
 */
interface Head {
  /** Distinct. */
  readonly bounds: readonly DenseBounds[];
  /** By bounds, how many characters its statements have. */
  readonly lengths: readonly number[];
  /** By bounds, whether a statement below it breaks the schema. */
  readonly broken: readonly number[];
  /** Records that say several things of this package. */
  readonly several: readonly string[];
  /** Under which names the package stands: mostly one. */
  readonly names: readonly (readonly [ecosystem: string, name: string])[];
}

type DenseBounds = readonly [versions: readonly string[], ranges: readonly DenseRange[]];
/** Its place, `S` or `E` for its type, and then its events: each the first letters of its kind and the version. */
type DenseRange = readonly [index: number, type: 'S' | 'E', events: readonly string[]];
type DenseStatement = readonly [id: string, offset: number, length: number, index: number, name: number, rest?: Rest];
type Rest = readonly [word: string, state: string, severity: readonly StatedSeverity[], binaries: readonly string[] | null, broken: string | null];

const NOTHING: Rest = ['', '', [], null, null];
const KIND_LETTERS = 2;
const KINDS: ReadonlyMap<string, EventKind> = new Map(EVENT_KINDS.map((kind) => [kind.slice(0, KIND_LETTERS), kind]));

/** The statements about one package, as JSON gathered bit by bit. */
export class DenseWriter {
  private readonly bounds = new Map<string, { statements: string; isBroken: boolean }>();
  private readonly names = new Map<string, number>();
  private readonly several = new Set<string>();
  private last = '';

  /**
   * Statements of one record one after the other.
   * @returns how many characters that makes
   */
  add({ id, affected, broken }: BareStatement, [offset, length]: Place): number {
    const { index, ecosystem, name, bounds, word, state, severity, binaries } = affected;
    if (id === this.last) this.several.add(id);
    this.last = id;
    const nameJson = JSON.stringify([ecosystem, name]);
    const number = this.names.get(nameJson) ?? this.names.size;
    this.names.set(nameJson, number);
    const says = word !== '' || state !== '' || severity.length > 0 || binaries !== null || broken !== undefined;
    const rest: Rest = [word, state, severity, binaries, broken ?? null];
    const statement: DenseStatement = [id, offset, length, index, number, ...(says ? [rest] as const : [] as const)];
    const json = JSON.stringify(statement);
    const boundsJson = JSON.stringify(denseBounds(bounds));
    const known = this.bounds.get(boundsJson);
    if (known === undefined) {
      this.bounds.set(boundsJson, { statements: json, isBroken: broken !== undefined });
      return json.length + boundsJson.length;
    }
    known.statements += `,${json}`;
    known.isBroken ||= broken !== undefined;
    return json.length;
  }

  toString(): string {
    const lists = [...this.bounds.values()];
    const lengths = lists.map(({ statements }) => statements.length);
    const broken = lists.flatMap(({ isBroken }, number) => (isBroken ? [number] : []));
    const head = `{"bounds":[${[...this.bounds.keys()].join(',')}],"lengths":${JSON.stringify(lengths)},"broken":${JSON.stringify(broken)},"several":${JSON.stringify([...this.several])},"names":[${[...this.names.keys()].join(',')}]}`;
    return `${head}\n${lists.map(({ statements }) => statements).join('')}`;
  }
}

function denseBounds({ versions, ranges }: Bounds): DenseBounds {
  return [versions, ranges.map(({ index, type, events }) => [index, type === 'SEMVER' ? 'S' : 'E', events.map(({ kind, version }) => kind.slice(0, KIND_LETTERS) + version)])];
}

/**
 * @param text what a `DenseWriter` gave
 * @param read gives the record at a place
 */
export function statementsIn(text: string, read: (place: Place) => AdvisoryRecord): PackageStatements {
  const end = text.indexOf('\n');
  const head = JSON.parse(text.slice(0, end)) as Head;
  let start = end + 1;
  const bounded = head.bounds.map((dense, number) => {
    const from = start;
    start += head.lengths[number] ?? 0;
    return new StoredStatements(dense, text, from, start, head.names, read);
  });
  const all = once(() => bounded.flatMap((one) => one.statements()));
  return {
    bounded,
    broken: head.broken.length === 0 ? [] : all().filter(({ broken }) => broken !== undefined),
    siblings: (statement) => (head.several.includes(statement.id) ? siblingsAmong(all(), statement) : [statement.affected]),
  };
}

function once<Result>(work: () => Result): () => Result {
  let result: { readonly is: Result } | undefined;
  return () => (result ??= { is: work() }).is;
}

/** Reads its statements when they are first asked for. */
class StoredStatements implements BoundedStatements {
  readonly bounds: Bounds;
  private readonly text: string;
  private readonly from: number;
  private readonly to: number;
  private readonly names: Head['names'];
  private readonly read: (place: Place) => AdvisoryRecord;
  private known: readonly Statement[] | undefined = undefined;

  constructor(dense: DenseBounds, text: string, from: number, to: number, names: Head['names'], read: (place: Place) => AdvisoryRecord) {
    this.bounds = boundsOf(dense);
    this.text = text;
    this.from = from;
    this.to = to;
    this.names = names;
    this.read = read;
  }

  statements(): readonly Statement[] {
    return (this.known ??= (JSON.parse(`[${this.text.slice(this.from, this.to)}]`) as readonly DenseStatement[])
      .map((one) => new StoredStatement(one, this.bounds, this.names[one[4]] ?? ['', ''], this.read)));
  }
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

  constructor(dense: DenseStatement, bounds: Bounds, name: readonly [string, string], read: (place: Place) => AdvisoryRecord) {
    // by number: to take a list apart costs as much as all the rest, thousands of times
    const rest = dense[5] ?? NOTHING;
    this.id = dense[0];
    this.offset = dense[1];
    this.length = dense[2];
    this.affected = { index: dense[3], ecosystem: name[0], name: name[1], bounds, word: rest[0], state: rest[1], severity: rest[2], binaries: rest[3] };
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
