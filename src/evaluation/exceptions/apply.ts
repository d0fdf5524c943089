import type { ScannedImage, ScannedPackage } from '../../report/scanned.js';
import type { Finding, Suppression } from '../evaluation.js';
import { readInstant } from '../../text/instant.js';
import type { AdvisoryAnswer } from '../vulnerability.js';
import { RegexBudget } from '../policy/regex.js';
import type { Exception, Exceptions } from './exception.js';
import { matcher, type Candidate } from './match.js';

/** An expiry this near is told. */
const SOON_DAYS = 14;
const DAY = 86_400_000;

/** A finding, with the package that it is about where it is no vulnerability. */
export interface Subject {
  readonly finding: Finding;
  readonly package?: { readonly name: string; readonly version: string; readonly purl: string; readonly path?: string };
}

export interface Applied {
  readonly findings: readonly Finding[];
  /** Exceptions that have expired, and so have findings that count again. */
  readonly problems: readonly string[];
  /** Exceptions that expire soon, or are not used. */
  readonly notices: readonly string[];
}

/** Marks the findings that an exception accepts. What an allow list has suppressed already stays as it is. */
export function applyExceptions(subjects: readonly Subject[], { entries, notices }: Exceptions, image: ScannedImage, advisories: AdvisoryAnswer | undefined, now: Date): Applied {
  if (entries.length === 0) return { findings: subjects.map(({ finding }) => finding), problems: [], notices };
  const packages = new Map(image.packages.map((found) => [packageKey(found), found]));
  const wontFix = new Set((advisories?.matches ?? []).filter((match) => match.wontFix !== '').map((match) => `${match.id}\n${packageKey(match.package)}`));
  const budget = new RegexBudget();
  const uses = entries.map((exception) => ({ exception, test: matcher(exception, image, budget), count: 0 }));
  const marked = subjects.map((subject) => {
    const { finding } = subject;
    const candidate = describe(subject, packages, wontFix);
    let suppressed: Suppression | undefined;
    for (const use of uses) {
      if (use.test?.(candidate) !== true) continue;
      use.count += 1;
      if (isExpired(use.exception, now)) continue;
      if (use.exception.revokes === true) {
        if (suppressed?.by === 'vex') suppressed = undefined;
      } else if (suppressed === undefined || use.exception.by === 'vex' && suppressed.by === 'vex') {
        suppressed = suppression(use.exception);
      }
    }
    return suppressed === undefined || finding.suppressed !== undefined ? finding : { ...finding, action: 'go' as const, suppressed };
  });
  return { findings: marked, ...tell(uses, now, notices) };
}

function suppression({ by, id, reason, expires }: Exception): Suppression {
  return { by, id, reason, ...(expires === undefined ? {} : { expires }) };
}

/** A date without time holds to the end of the day, in UTC. */
export function expiryTime(expires: string): number {
  return Date.parse(readInstant(expires)) + (/^\d{4}-\d{2}-\d{2}$/.test(expires) ? DAY : 0);
}

function isExpired({ expires }: Exception, now: Date): boolean {
  return expires !== undefined && now.getTime() >= expiryTime(expires);
}

function packageKey({ name, version, path }: { readonly name: string; readonly version: string; readonly path?: string }): string {
  return `${name}\n${version}\n${path ?? ''}`;
}

function describe({ finding, package: about }: Subject, packages: ReadonlyMap<string, ScannedPackage>, wontFix: ReadonlySet<string>): Candidate {
  const named = finding.vulnerability?.package ?? about;
  if (named === undefined) return { finding, wontFix: false };
  const scanned = packages.get(packageKey(named));
  return {
    finding,
    wontFix: wontFix.has(`${finding.vulnerability?.id}\n${packageKey(named)}`),
    package: { ...named, type: scanned?.type ?? ('type' in named ? String(named.type) : ''), source: scanned?.source.name ?? '' },
  };
}

function tell(uses: readonly { readonly exception: Exception; readonly test: unknown; readonly count: number }[], now: Date, notices: readonly string[]): { problems: readonly string[]; notices: readonly string[] } {
  const problems: string[] = [];
  const told = [...notices];
  for (const { exception, test, count } of uses) {
    const who = `The ${exception.by === 'vex' ? 'VEX statement' : 'exception'} ${exception.id} (${exception.source})`;
    const findings = `${count} ${count === 1 ? 'finding' : 'findings'}`;
    if (isExpired(exception, now)) {
      if (count > 0) problems.push(`${who} expired on ${exception.expires}: ${findings} that it accepted ${count === 1 ? 'counts' : 'count'} again.`);
      else if (test !== undefined) told.push(`${who} expired on ${exception.expires} and matches nothing: remove it.`);
    } else if (count === 0) {
      // For another image, or a statement about another product: nothing is wrong with it.
      if (test !== undefined && exception.by === 'exception') told.push(`${who} matches no finding: remove it, unless another image needs it.`);
    } else if (exception.expires !== undefined && expiryTime(exception.expires) - now.getTime() < SOON_DAYS * DAY) {
      const days = Math.ceil((expiryTime(exception.expires) - now.getTime()) / DAY);
      told.push(`${who} expires on ${exception.expires}, in ${days} ${days === 1 ? 'day' : 'days'}: ${findings} will count again.`);
    }
  }
  return { problems, notices: told };
}
