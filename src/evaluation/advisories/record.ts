import type { VersionList } from './versionList.js';

/** What we keep of an advisory in OSV format: https://ossf.github.io/osv-schema/ (text), docs/schema.json (machine). */
export interface AdvisoryRecord {
  readonly id: string;
  /** RFC 3339. */
  readonly modified: string;
  /** RFC 3339 or the empty string. */
  readonly published: string;
  readonly withdrawn: boolean;
  /** Other names of the same vulnerability. */
  readonly aliases: readonly string[];
  /** Vulnerabilities that this record passes on, often several: distributions' advisories have them. */
  readonly upstream: readonly string[];
  readonly related: readonly string[];
  readonly summary: string;
  readonly url: string;
  readonly severity: readonly StatedSeverity[];
  /** The database's own word, such as `MODERATE`, or the empty string. */
  readonly word: string;
}

export interface StatedSeverity {
  readonly type: string;
  readonly score: string;
}

/** One `affected[]` of a record: what it says of one package in one ecosystem. */
export interface Affected {
  /** Its place in the record, from 0. */
  readonly index: number;
  /** As written: `Debian:12`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly bounds: Bounds;
  readonly severity: readonly StatedSeverity[];
  /** The vendor's word of gravity for this package (Debian's urgency, SUSE's severity …), or the empty string. */
  readonly word: string;
  /** The vendor's word of what will be done about it, or the empty string. */
  readonly state: string;
  /** The binary packages it is about, where it lists them; null where it does not. */
  readonly binaries: readonly string[] | null;
}

/** Which versions are affected. Statements about one package often share them. */
export interface Bounds {
  readonly ranges: readonly VersionRange[];
  readonly versions: VersionList;
}

export interface VersionRange {
  /** Its place in `affected[].ranges`, from 0. */
  readonly index: number;
  readonly type: 'SEMVER' | 'ECOSYSTEM';
  readonly events: readonly RangeEvent[];
}

export const EVENT_KINDS = ['introduced', 'last_affected', 'fixed', 'limit'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface RangeEvent {
  readonly kind: EventKind;
  readonly version: string;
}

/** What a record says of one package; `broken` instead where it says it in a way that cannot be evaluated. */
export interface Statement {
  /** The record's id. */
  readonly id: string;
  /** An index reads it when it is first asked for: most records about a package do not apply to its version. */
  readonly record: AdvisoryRecord;
  readonly affected: Affected;
  readonly broken?: string;
}

/**
 * What records say of one package, by their bounds: most of those do not hold the package's version, and then nothing
 * of what stands under them needs to be looked at.
 */
export interface PackageStatements {
  readonly bounded: readonly BoundedStatements[];
  /** Those that break the schema; they are below their bounds, too. */
  readonly broken: readonly Statement[];
  /** What the same record says of the same package in the same ecosystem, this statement among it. */
  siblings(statement: Statement): readonly Affected[];
}

export interface BoundedStatements {
  readonly bounds: Bounds;
  statements(): readonly Statement[];
}

/** A statement as its record has it. */
export type BareStatement = Omit<Statement, 'record'>;

export interface ParsedRecord {
  readonly record: AdvisoryRecord;
  readonly statements: readonly BareStatement[];
}

/** @param statements all about one package */
export function packageStatements(statements: readonly Statement[]): PackageStatements {
  return {
    bounded: statements.map((statement) => ({ bounds: statement.affected.bounds, statements: () => [statement] })),
    broken: statements.filter(({ broken }) => broken !== undefined),
    siblings: siblingsIn(() => statements),
  };
}

/**
 * Looks for siblings by the record's id: a package may have thousands of statements.
 * @param all the statements about a package
 * @param several ids of the records that say several things of it, where that is known
 */
export function siblingsIn(all: () => readonly Statement[], several?: ReadonlySet<string>): PackageStatements['siblings'] {
  let byId: ReadonlyMap<string, readonly Statement[]> | undefined;
  return ({ id, affected }) => {
    if (several?.has(id) === false) return [affected];
    byId ??= statementsById(all());
    return (byId.get(id) ?? []).filter((other) => other.affected.ecosystem === affected.ecosystem).map((other) => other.affected);
  };
}

function statementsById(statements: readonly Statement[]): ReadonlyMap<string, readonly Statement[]> {
  const byId = new Map<string, Statement[]>();
  for (const statement of statements) {
    const list = byId.get(statement.id);
    if (list === undefined) byId.set(statement.id, [statement]);
    else list.push(statement);
  }
  return byId;
}
