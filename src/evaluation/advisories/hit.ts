import type { ScannedPackage } from '../../report/scanned.js';
import type { VulnerabilityMatch } from '../vulnerability.js';
import type { Group } from './identity.js';
import type { Affected, AdvisoryRecord } from './record.js';
import { gravityOfAll } from './severity.js';
import { schemeOf } from './versions/index.js';

/** That one record applies to one package. */
export interface Hit {
  readonly record: AdvisoryRecord;
  readonly affected: Affected;
  readonly rule: string;
  /** Versions that mend it, smallest first. */
  readonly fixes: readonly string[];
}

/** What vendors call it when there will be no fix, in lower case: Debian, Wolfi, Red Hat, Ubuntu. */
const WONT_FIX = new Set([
  'no-dsa', 'nodsa', 'postponed', 'ignored', 'unimportant', 'end-of-life', 'eol', 'wont-fix', "won't fix", 'will not fix', 'will_not_fix', 'wontfix',
  'fix-not-planned', 'fix deferred', 'fix_deferred', 'deferred', 'out of support scope', 'out-of-support-scope',
]);

/** Advisories of vendors that are published with their fix; the others (`DEBIAN-CVE-…`) may have got it later. */
const PUBLISHED_WITHOUT_FIX = /^(?:[A-Z]+-)?CVE-/;

/** GitHub's reviewed records say most (word, vector, summary), then other databases', then copies of CVE records. */
export function inOrder(hits: readonly Hit[]): readonly Hit[] {
  if (hits.length < 2) return hits;
  return hits.map((hit) => ({ hit, id: hit.record.id, rank: rankOf(hit.record.id) }))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.hit.affected.index - b.hit.affected.index))
    .map(({ hit }) => hit);
}

function rankOf(id: string): number {
  if (id.startsWith('GHSA-')) return 0;
  return PUBLISHED_WITHOUT_FIX.test(id) ? 2 : 1;
}

/** What the records about one vulnerability say of it, with `inOrder`'s first before the others. */
export function matchOf(found: ScannedPackage, { id, aliases, items: hits }: Group<Hit>): VulnerabilityMatch {
  const { severity, cvss } = gravityOfAll(hits);
  const fix = latestFix(hits);
  return {
    id,
    aliases,
    package: found,
    severity,
    cvss,
    fixedIn: fix?.fixes ?? [],
    wontFix: fix === undefined ? (hits.find(isWontFix)?.affected.state ?? '') : '',
    url: hits[0]?.record.url ?? '',
    summary: hits.find(({ record }) => record.summary !== '')?.record.summary ?? '',
    published: hits.reduce((first, { record: { published } }) => (first === '' || (published !== '' && published < first) ? published : first), ''),
    fixedAt: fix === undefined || PUBLISHED_WITHOUT_FIX.test(fix.record.id) ? '' : fix.record.published,
    knownExploited: null,
    epss: null,
    matchedBy: hits.map(({ record, rule }) => `${record.id} ${rule}`).join('; '),
  };
}

function isWontFix({ affected: { state } }: Hit): boolean {
  return state !== '' && WONT_FIX.has(state.toLowerCase().replace(/\*+$/, ''));
}

/** Of several records about one vulnerability the one with the latest fix: an earlier one did not mend all of it. */
function latestFix(hits: readonly Hit[]): Hit | undefined {
  let latest: Hit | undefined;
  for (const hit of hits) {
    const [before, after] = [latest?.fixes[0], hit.fixes[0]];
    if (after === undefined) continue;
    if (before === undefined || (schemeOf(hit.affected.ecosystem)?.compare(after, before) ?? 0) > 0) latest = hit;
  }
  return latest;
}
