import { EVENT_KINDS, siblingsIn, type Affected, type AdvisoryRecord, type BareStatement, type BoundedStatements, type Bounds, type EventKind, type PackageStatements, type RangeEvent, type StatedSeverity, type Statement, type VersionRange } from '../record.js';
import { NO_VERSIONS, VersionList } from '../versionList.js';
import type { Place } from './format.js';

/**
 * The statements about one package as an index holds them: a line that is read whole, and after it for each bounds the versions that it lists
 * and the statements below it, which are read only where it holds the version. What is said by few of them comes last and is left out.
 */
interface Head {
  /** Distinct. */
  readonly ranges: readonly DenseRanges[];
  /** By bounds, how many characters its versions have, and then its statements. */
  readonly lengths: readonly number[];
  /** By bounds, whether a statement below it breaks the schema. */
  readonly broken: readonly number[];
  /** Records that say several things of this package. */
  readonly several: readonly string[];
  /** Under which names the package stands: mostly one. */
  readonly names: readonly (readonly [ecosystem: string, name: string])[];
}

/** Of each range its place, `S` or `E` for its type, and its events, each the first letters of its kind and the version: one flat list is read at half the cost of lists of lists. */
type DenseRanges = readonly (number | string)[];
type DenseStatement = readonly [id: string, offset: number, length: number, index: number, name: number, rest?: Rest];
type Rest = readonly [word: string, state: string, severity: readonly StatedSeverity[], binaries: readonly string[] | null, broken: string | null];

const NOTHING: Rest = ['', '', [], null, null];
const KIND_LETTERS = 2;
const KINDS: ReadonlyMap<string, EventKind> = new Map(EVENT_KINDS.map((kind) => [kind.slice(0, KIND_LETTERS), kind]));

interface Written {
  readonly ranges: string;
  readonly versions: string;
  statements: string;
  isBroken: boolean;
}

/** The statements about one package, as JSON gathered bit by bit. */
export class DenseWriter {
  private readonly bounds = new Map<string, Written>();
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
    const ranges = JSON.stringify(denseRanges(bounds));
    const versions = bounds.versions.lines;
    const key = ranges + versions;
    const known = this.bounds.get(key);
    if (known === undefined) {
      this.bounds.set(key, { ranges, versions, statements: json, isBroken: broken !== undefined });
      return json.length + key.length;
    }
    known.statements += `,${json}`;
    known.isBroken ||= broken !== undefined;
    return json.length;
  }

  toString(): string {
    const lists = [...this.bounds.values()];
    const lengths = lists.flatMap(({ versions, statements }) => [versions.length, statements.length]);
    const broken = lists.flatMap(({ isBroken }, number) => (isBroken ? [number] : []));
    const head = `{"ranges":[${lists.map(({ ranges }) => ranges).join(',')}],"lengths":${JSON.stringify(lengths)},"broken":${JSON.stringify(broken)},"several":${JSON.stringify([...this.several])},"names":[${[...this.names.keys()].join(',')}]}`;
    return `${head}\n${lists.map(({ versions, statements }) => versions + statements).join('')}`;
  }
}

function denseRanges({ ranges }: Bounds): DenseRanges {
  return ranges.flatMap(({ index, type, events }) => [index, type === 'SEMVER' ? 'S' : 'E', ...events.map(({ kind, version }) => kind.slice(0, KIND_LETTERS) + version)]);
}

/**
 * @param text what a `DenseWriter` gave
 * @param read gives the record at a place
 */
export function statementsIn(text: string, read: (place: Place) => AdvisoryRecord): PackageStatements {
  const end = text.indexOf('\n');
  const head = JSON.parse(text.slice(0, end)) as Head;
  const { lengths, ranges } = head;
  const entry: Entry = { text, names: head.names, read };
  const bounded: StoredStatements[] = [];
  let at = end + 1;
  for (let number = 0; number < ranges.length; number++) {
    const statements = at + (lengths[2 * number] ?? 0);
    const next = statements + (lengths[2 * number + 1] ?? 0);
    const versions = statements === at ? NO_VERSIONS : new VersionList(text.slice(at, statements));
    bounded.push(new StoredStatements({ ranges: rangesOf(ranges[number] ?? []), versions }, entry, statements, next));
    at = next;
  }
  const all = (): readonly Statement[] => bounded.flatMap((one) => one.statements());
  return {
    bounded,
    broken: head.broken.flatMap((number) => bounded[number]?.statements() ?? []).filter(({ broken }) => broken !== undefined),
    siblings: siblingsIn(all, new Set(head.several)),
  };
}

/** What the statements of an entry share. */
interface Entry {
  readonly text: string;
  readonly names: Head['names'];
  readonly read: (place: Place) => AdvisoryRecord;
}

/** Reads its statements when they are first asked for. */
class StoredStatements implements BoundedStatements {
  readonly bounds: Bounds;
  private readonly entry: Entry;
  private readonly from: number;
  private readonly to: number;
  private known: readonly Statement[] | undefined = undefined;

  constructor(bounds: Bounds, entry: Entry, from: number, to: number) {
    this.bounds = bounds;
    this.entry = entry;
    this.from = from;
    this.to = to;
  }

  statements(): readonly Statement[] {
    return (this.known ??= (JSON.parse(`[${this.entry.text.slice(this.from, this.to)}]`) as readonly DenseStatement[])
      .map((one) => new StoredStatement(one, this.bounds, this.entry)));
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

  constructor(dense: DenseStatement, bounds: Bounds, { names, read }: Entry) {
    // by number: to take a list apart costs as much as all the rest, thousands of times
    const rest = dense[5] ?? NOTHING;
    const name = names[dense[4]];
    this.id = dense[0];
    this.offset = dense[1];
    this.length = dense[2];
    this.affected = { index: dense[3], ecosystem: name?.[0] ?? '', name: name?.[1] ?? '', bounds, word: rest[0], state: rest[1], severity: rest[2], binaries: rest[3] };
    if (rest[4] !== null) this.broken = rest[4];
    this.read = read;
  }

  get record(): AdvisoryRecord {
    return (this.known ??= this.read([this.offset, this.length]));
  }
}

function rangesOf(dense: DenseRanges): readonly VersionRange[] {
  const ranges: VersionRange[] = [];
  let events: RangeEvent[] = [];
  for (let at = 0; at < dense.length; at++) {
    const one = dense[at];
    if (typeof one === 'string') {
      events.push({ kind: KINDS.get(one.slice(0, KIND_LETTERS)) ?? 'introduced', version: one.slice(KIND_LETTERS) });
      continue;
    }
    events = [];
    ranges.push({ index: one ?? 0, type: dense[++at] === 'S' ? 'SEMVER' : 'ECOSYSTEM', events });
  }
  return ranges;
}
