import { z } from 'zod';

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
  readonly ranges: readonly VersionRange[];
  readonly versions: readonly string[];
  readonly severity: readonly StatedSeverity[];
  /** The vendor's word of gravity for this package (Debian's urgency, SUSE's severity …), or the empty string. */
  readonly word: string;
  /** The vendor's word of what will be done about it, or the empty string. */
  readonly state: string;
  /** The binary packages it is about, where it lists them; null where it does not. */
  readonly binaries: readonly string[] | null;
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

/** A statement as its record has it. */
export type BareStatement = Omit<Statement, 'record'>;

export interface ParsedRecord {
  readonly record: AdvisoryRecord;
  readonly statements: readonly BareStatement[];
}

/** Texts go into reports and tables: past this length a summary is cut. */
const LONGEST_SUMMARY = 240;

const text = z.string();
const texts = z.array(text).nullish().transform((list) => list ?? []);
const severities = z.array(z.object({ type: text, score: text })).nullish().transform((list) => list ?? []);
const specific = z.record(text, z.unknown()).nullish().transform((map) => map ?? {});
const event = z.record(text, z.unknown());
const range = z.object({ type: text, events: z.array(event).nullish() });
const affected = z.object({
  package: z.object({ ecosystem: text, name: text }).nullish(),
  ranges: z.array(range).nullish(),
  versions: z.array(text).nullish(),
  severity: severities,
  ecosystem_specific: specific,
  database_specific: specific,
});
const header = z.object({
  id: text.min(1).max(200),
  modified: text,
  published: text.nullish(),
  withdrawn: text.nullish(),
  aliases: texts,
  upstream: texts,
  related: texts,
  summary: text.nullish(),
  details: text.nullish(),
  references: z.array(z.object({ type: text.nullish(), url: text })).nullish(),
  severity: severities,
  database_specific: specific,
  affected: z.array(z.unknown()).nullish(),
});

/**
 * @returns the record with what it says of each package; or, where it is not a record at all, a sentence that says why.
 * A single `affected[]` that breaks the schema is kept as `broken`, under the package's name where that can be read.
 */
export function parseRecord(value: unknown): ParsedRecord | string {
  const parsed = header.safeParse(value);
  if (!parsed.success) return firstIssue(parsed.error);
  const { data } = parsed;
  return {
    record: {
      id: data.id,
      modified: data.modified,
      published: data.published ?? '',
      withdrawn: data.withdrawn !== null && data.withdrawn !== undefined,
      aliases: data.aliases,
      upstream: data.upstream,
      related: data.related,
      summary: shortened(data.summary ?? '', data.details ?? ''),
      url: advisoryUrl(data.id, data.references ?? []),
      severity: data.severity,
      word: wordIn(data.database_specific, ['severity', 'cvss_severity']),
    },
    statements: (data.affected ?? []).flatMap((entry, index) => statementOf(data.id, entry, index)),
  };
}

function statementOf(id: string, value: unknown, index: number): readonly BareStatement[] {
  const parsed = affected.safeParse(value);
  if (!parsed.success) {
    const named = z.object({ package: z.object({ ecosystem: text, name: text }) }).safeParse(value);
    if (!named.success) return [];
    return [{ id, affected: { ...EMPTY, index, ...named.data.package }, broken: firstIssue(parsed.error) }];
  }
  const { data } = parsed;
  if (data.package === null || data.package === undefined) return [];
  const ranges = (data.ranges ?? []).map((entry, place) => rangeOf(entry, place));
  const broken = ranges.find((entry) => typeof entry === 'string');
  return [{
    id,
    affected: {
      index,
      ecosystem: data.package.ecosystem,
      name: data.package.name,
      ranges: ranges.filter((entry) => entry !== null && typeof entry !== 'string'),
      versions: data.versions ?? [],
      severity: data.severity,
      word: wordIn(data.ecosystem_specific, ['severity', 'urgency', 'priority']) || wordIn(data.database_specific, ['severity', 'urgency']),
      state: stateIn(data.ecosystem_specific) || stateIn(data.database_specific),
      binaries: binariesIn(data.ecosystem_specific),
    },
    ...(broken === undefined ? {} : { broken }),
  }];
}

const EMPTY = { ranges: [], versions: [], severity: [], word: '', state: '', binaries: null };

/** @returns null for a range of commits, which says nothing of versions; a sentence for one that breaks the schema */
function rangeOf(value: z.infer<typeof range>, index: number): VersionRange | null | string {
  if (value.type === 'GIT') return null;
  if (value.type !== 'SEMVER' && value.type !== 'ECOSYSTEM') return `ranges[${index}] has the type ${JSON.stringify(value.type.slice(0, 40))}`;
  const events: RangeEvent[] = [];
  for (const entry of value.events ?? []) {
    const kinds = EVENT_KINDS.filter((kind) => entry[kind] !== undefined && entry[kind] !== null);
    if (kinds.length === 0) return `ranges[${index}] has an event that is none of ${EVENT_KINDS.join(', ')}`;
    for (const kind of kinds) {
      const version = entry[kind];
      if (typeof version !== 'string' || version === '') return `ranges[${index}] has an event ${kind} without a version`;
      events.push({ kind, version });
    }
  }
  if (!events.some((entry) => entry.kind === 'introduced')) return `ranges[${index}] does not say where it is introduced`;
  return { index, type: value.type, events };
}

function wordIn(map: Readonly<Record<string, unknown>>, keys: readonly string[]): string {
  for (const key of keys) {
    const value = Object.hasOwn(map, key) ? map[key] : undefined;
    if (typeof value === 'string') return value;
  }
  return '';
}

/** Debian (`urgency`, `nodsa`), Wolfi (`status`), Red Hat and others (`fix_state`, `resolution`). */
function stateIn(map: Readonly<Record<string, unknown>>): string {
  if (Object.hasOwn(map, 'nodsa') && map['nodsa'] !== null && map['nodsa'] !== false) return wordIn(map, ['nodsa_reason', 'nodsa-reason']) || 'no-dsa';
  return wordIn(map, ['fix_state', 'fixState', 'resolution', 'status', 'state', 'urgency']);
}

/** Ubuntu: `[{binary_name, binary_version}]` or `[{NAME: version}]`; SUSE: `[{NAME: version, …}]`; openEuler: `{arch: [file.rpm]}` is not a list. */
function binariesIn(map: Readonly<Record<string, unknown>>): readonly string[] | null {
  const list = Object.hasOwn(map, 'binaries') ? map['binaries'] : undefined;
  if (!Array.isArray(list) || list.length === 0) return null;
  const names = new Set<string>();
  for (const entry of list) {
    if (typeof entry !== 'object' || entry === null) continue;
    const named = (entry as Readonly<Record<string, unknown>>)['binary_name'];
    if (typeof named === 'string') names.add(named);
    else for (const name of Object.keys(entry)) names.add(name);
  }
  return [...names];
}

function shortened(summary: string, details: string): string {
  const line = (summary || details).split('\n').map((part) => part.replace(/^#+\s*/, '').trim()).find((part) => part !== '') ?? '';
  return line.length > LONGEST_SUMMARY ? `${line.slice(0, LONGEST_SUMMARY - 1).trimEnd()}…` : line;
}

/** The vendor's page where the record names one, else OSV's. */
function advisoryUrl(id: string, references: readonly { readonly type?: string | null | undefined; readonly url: string }[]): string {
  const advisory = references.find((reference) => reference.type === 'ADVISORY' && /^https?:\/\/[^\s<>"]+$/.test(reference.url));
  return advisory?.url ?? `https://osv.dev/vulnerability/${encodeURIComponent(id)}`;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'the record'}: ${issue?.message ?? 'not as the schema says'}`;
}
