import * as z from 'zod';
import { EVENT_KINDS, type BareStatement, type ParsedRecord, type RangeEvent, type VersionRange } from './record.js';
import { binariesIn, stateIn, wordIn } from './specifics.js';
import { NO_VERSIONS, VersionList } from './versionList.js';

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
      bounds: { ranges: ranges.filter((entry) => entry !== null && typeof entry !== 'string'), versions: VersionList.of(data.versions ?? []) },
      severity: data.severity,
      word: wordIn(data.ecosystem_specific, ['severity', 'urgency', 'priority']) || wordIn(data.database_specific, ['severity', 'urgency']),
      state: stateIn(data.ecosystem_specific) || stateIn(data.database_specific),
      binaries: binariesIn(data.ecosystem_specific),
    },
    ...(broken === undefined ? {} : { broken }),
  }];
}

const EMPTY = { bounds: { ranges: [], versions: NO_VERSIONS }, severity: [], word: '', state: '', binaries: null };

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
