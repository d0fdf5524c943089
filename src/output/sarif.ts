import { gzipSync } from 'node:zlib';
import type { Evaluation, Finding } from '../evaluation/evaluation.js';
import { count, thousands, type Mask } from './describe.js';
import { remembered } from './mask.js';
import { HOMEPAGE } from '../tool.js';
import { sarifResult } from './sarif/result.js';
import { sarifRules } from './sarif/rules.js';
import type { SarifLog, SarifNotification, SarifRun } from './sarif/log.js';
import { subjects, type Subject } from './subjects.js';

/** Hard limit of code scanning, a run. Source: GitHub, "SARIF support for code scanning", limits. */
export const MAX_RESULTS = 25_000;
/** Of those code scanning keeps the gravest. */
const KEPT_RESULTS = 5_000;
/** Code scanning takes 10 MB gzipped; ours stays a little below. */
export const MAX_GZIPPED_BYTES = 9_500_000;

export interface SarifOptions {
  /** Hides secrets; maskSecrets where it is not given. */
  readonly mask?: Mask;
  /** Findings of the baseline that are there no more; undefined where there is no baseline. */
  readonly gone?: readonly Finding[] | undefined;
  /** Whether findings that an exception covers are told, as suppressed; true where it is not said. */
  readonly suppressed?: boolean;
}

/**
 * SARIF 2.1.0 for code scanning, gravest first, each thing once. What would pass a limit is left out from the least grave, and a note says so.
 */
export function sarif(evaluation: Evaluation, options: SarifOptions = {}): SarifLog {
  const mask = remembered(options.mask);
  const all = subjects(evaluation.findings).filter(({ finding }) => options.suppressed !== false || finding.suppressed === undefined);
  return fitting(all.slice(0, MAX_RESULTS), (kept) => build(evaluation, kept, all.length, mask, options.gone), MAX_GZIPPED_BYTES);
}

/** The log of as many of the subjects as fit, the first ones. */
export function fitting<Log>(subjects: readonly Subject[], write: (kept: readonly Subject[]) => Log, most: number): Log {
  let kept = subjects;
  let log = write(kept);
  for (let size = gzipped(log, most); size > most && kept.length > 0; size = gzipped(log, most)) {
    kept = kept.slice(0, Math.floor(kept.length * Math.min(0.97, (most / size) * 0.99)));
    log = write(kept);
  }
  return log;
}

/** Bytes gzipped, as far as they matter: what fits without being compressed is not compressed, what fits compressed fast not compressed well. */
function gzipped(log: unknown, most: number): number {
  const text = Buffer.from(JSON.stringify(log));
  if (text.length <= most) return text.length;
  const fast = gzipSync(text, { level: 1 }).length;
  return fast <= most ? fast : gzipSync(text, { level: 6 }).length;
}

function build(evaluation: Evaluation, kept: readonly Subject[], found: number, mask: Mask, gone: SarifOptions['gone']): SarifLog {
  const { rules, indexOf } = sarifRules(kept);
  const notifications = notesOn(evaluation, kept.length, found);
  const run: SarifRun = {
    tool: {
      driver: {
        name: 'Inline Scan',
        organization: 'Inline Scan',
        informationUri: HOMEPAGE,
        ...versions(evaluation.tool.version),
        rules,
      },
    },
    automationDetails: { id: automationId(evaluation.image.name) },
    invocations: [{ executionSuccessful: true, ...(notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}) }],
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository that holds the Dockerfile.' } } },
    results: kept.map((subject) => sarifResult(subject, evaluation.image, indexOf(subject), mask)),
    properties: { image: evaluation.image.name, imageId: evaluation.image.id, digest: evaluation.image.digest, verdict: evaluation.verdict, ...(gone === undefined ? {} : { baseline: against(evaluation, gone) }) },
  };
  return { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
}

/** What is gone is no result: code scanning closes what it is not told, and would open what it is. */
function against({ findings }: Evaluation, gone: readonly Finding[]): Readonly<Record<'new' | 'unchanged' | 'absent', number>> {
  const added = findings.filter((finding) => finding.new === true).length;
  return { new: added, unchanged: findings.length - added, absent: gone.length };
}

/** A version that is none (`development`) is not told as a semantic one. */
function versions(version: string): { version: string; semanticVersion?: string } {
  return /^\d+\.\d+\.\d+/.test(version) ? { version, semanticVersion: version } : { version };
}

function notesOn(evaluation: Evaluation, kept: number, found: number): readonly SarifNotification[] {
  const notes: SarifNotification[] = [];
  if (kept < found) {
    notes.push(note('warning', `The gravest ${thousands(kept)} of ${count(found, 'finding')} are told here, since code scanning takes no more. evaluation.json has all of them.`));
  } else if (kept > KEPT_RESULTS) {
    notes.push(note('note', `${count(found, 'finding')}: code scanning keeps the gravest ${thousands(KEPT_RESULTS)}. evaluation.json has all of them.`));
  }
  if (evaluation.notEvaluated.length > 0) notes.push(note('note', `${count(evaluation.notEvaluated.length, 'rule')} could not be evaluated; evaluation.json says which and why.`));
  if (evaluation.problems.length > 0) notes.push(note('warning', `${count(evaluation.problems.length, 'thing')} in the image could not be read; evaluation.json says which and why.`));
  return notes;
}

function note(level: SarifNotification['level'], text: string): SarifNotification {
  return { level, message: { text } };
}

/**
 * What keeps images of one repository apart in code scanning and stays the same from build to build: the image's name without its
 * digest, and without a tag that changes with each build (one with a figure in it, `latest`).
 */
export function automationId(name: string): string {
  const [withoutDigest = ''] = name.split('@');
  const colon = withoutDigest.lastIndexOf(':');
  const isTagged = colon > withoutDigest.lastIndexOf('/');
  const repository = isTagged ? withoutDigest.slice(0, colon) : withoutDigest;
  const tag = isTagged ? withoutDigest.slice(colon + 1) : '';
  const isLasting = /^[a-z][a-z._-]*$/i.test(tag) && tag !== 'latest' && !/^[0-9a-f]{7,}$/.test(tag);
  return `inline-scan/${repository}${isLasting ? `:${tag}` : ''}/`.replace(/[^\w./:@-]/g, '_');
}
