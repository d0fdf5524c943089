import type { AdvisoryAnswer, VulnerabilityMatch } from '../../vulnerability.js';
import { fires, gate, trigger, type Outcome, type Scan } from '../gate.js';
import { BOOLEAN, defaulted, INTEGER, LIST, required } from '../parameter.js';
import { coversDistro, hasOsPackages, lastUpdate } from './feedState.js';
import { filterMatches, noAdvisories, PACKAGE_PARAMETERS, undecidable, type Passed } from './vulnerabilityFilter.js';
import { vulnerabilityFiring } from './vulnerabilityFinding.js';

const DAY = 86_400_000;

const packageTrigger = trigger({
  name: 'package',
  description: 'Fires for each vulnerability of each package that passes every filter.',
  parameters: PACKAGE_PARAMETERS,
  deviations: [
    'Ages count from the dates of the advisory (published, fix released), where Anchore counts from its own first sight of it.',
    'cvss_v3_* scores are NVD\'s, or the publisher\'s own where NVD has none.',
    'What vendor_only leaves out is told as a notice.',
    'An npm package, gem or archive that only a lock file names has the id <vulnerability>+<name>-<version>, since the path is the lock file\'s.',
  ],
  evaluate: (scan: Scan, values) => {
    const { advisories } = scan;
    if ('unavailable' in advisories) return noAdvisories(advisories.unavailable);
    const reason = undecidable(values, advisories, scan);
    if (reason !== undefined) return { firings: [], notEvaluated: reason };
    const { passed, hidden } = filterMatches(values, advisories.matches, scan);
    return {
      firings: passed.map((one) => vulnerabilityFiring(one.match, details(one), scan)),
      ...missed(advisories, values.package_type),
      ...(hidden.length === 0 ? {} : { notice: tellHidden(hidden) }),
    };
  },
});

/** What a rule asks about and the source does not say. */
function missed({ uncovered, unread = [] }: AdvisoryAnswer, type: 'all' | 'os' | 'non-os'): Pick<Outcome, 'notEvaluated'> {
  const ofRule = uncovered.filter(({ missedBy }) => missedBy !== undefined && (type === 'all' || type === missedBy));
  const why = ofRule.map((one) => `${one.packages} ${one.packages === 1 ? 'package' : 'packages'} of ${one.ecosystem} could not be looked up: ${one.why}`);
  if (unread.length > 0) why.push(`advisories that break the schema could not be judged: ${some(unread)}`);
  return why.length === 0 ? {} : { notEvaluated: why.join('; ') };
}

function details({ scores, dates, vendorScores }: Passed): string {
  return [scores, dates, vendorScores].map((parts) => (parts.length === 0 ? '' : `(${parts.join(' ')})`)).join('');
}

const TOLD = 5;

function tellHidden(hidden: readonly VulnerabilityMatch[]): string {
  const ids = [...new Set(hidden.map(({ id }) => id))].sort();
  return `leaves out ${hidden.length} matches that the vendor will not fix (vendor_only=true): ${some(ids)}`;
}

function some(ids: readonly string[]): string {
  return ids.slice(0, TOLD).join(', ') + (ids.length > TOLD ? `, and ${ids.length - TOLD} more` : '');
}

const blacklist = trigger({
  name: 'blacklist',
  aliases: ['denylist'],
  description: 'Fires once if any of the vulnerabilities was found.',
  parameters: {
    vulnerability_ids: required(LIST, { description: 'Ids; other names of a vulnerability are understood.', example: 'CVE-2019-1234' }),
    vendor_only: defaulted(BOOLEAN, 'true', { description: 'Leaves out what the vendor has said it will not fix.', example: 'true' }),
  },
  deviations: ['Aliases count: GHSA-… finds what is reported as CVE-….'],
  evaluate: ({ advisories }: Scan, { vulnerability_ids: ids, vendor_only: vendorOnly }) => {
    if ('unavailable' in advisories) return noAdvisories(advisories.unavailable);
    const counted = advisories.matches.filter(({ wontFix }) => !vendorOnly || wontFix === '');
    const names = new Set(counted.flatMap(({ id, aliases }) => [id, ...aliases]));
    const found = ids.filter((id) => names.has(id));
    return { ...fires(found.length === 0 ? [] : [{ message: `Blacklisted vulnerabilities detected: ${pythonList(found)}` }]), ...missed(advisories, 'all') };
  },
});

/** As Python prints a list of strings. */
function pythonList(items: readonly string[]): string {
  return `[${items.map((item) => (item.includes("'") && !item.includes('"') ? `"${item}"` : `'${item.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`)).join(', ')}]`;
}

const staleFeedData = trigger({
  name: 'stale_feed_data',
  description: "Fires if the advisories of the image's distribution are older than so many days, or nobody knows how old they are.",
  parameters: { max_days_since_sync: required(INTEGER, { description: 'Days.', example: '7' }) },
  deviations: [
    "The age is that of the newest record in the source's export of the distribution, or of when the public service was asked.",
    'For images without packages of an operating system the newest record of the other ecosystems counts.',
    'With advisories: none the rule is reported as not evaluated.',
  ],
  evaluate: (scan: Scan, { max_days_since_sync: days }) => {
    const { advisories, now } = scan;
    if ('unavailable' in advisories) return noAdvisories(advisories.unavailable);
    const updated = lastUpdate(advisories, scan);
    if (updated !== undefined && updated >= now.getTime() - days * DAY) return fires([]);
    return fires([{ message: `The vulnerability feed for this image distro is older than MAXAGE (${days}) days` }]);
  },
});

const dataUnavailable = trigger({
  name: 'vulnerability_data_unavailable',
  description: "Fires if there are no advisories for the image's distribution. Language packages do not count.",
  parameters: {},
  deviations: ['Silent for images without packages of an operating system: there is nothing to look up.', 'With advisories: none the rule is reported as not evaluated.'],
  evaluate: (scan: Scan) => {
    if (!hasOsPackages(scan)) return fires([]);
    if ('unavailable' in scan.advisories) return noAdvisories(scan.advisories.unavailable);
    if (coversDistro(scan)) return fires([]);
    const { id, version } = scan.image.distro;
    return fires([{ message: `Distro-specific feed data not found for distro namespace: ${id}:${version}. Cannot perform CVE scan OS/distro packages` }]);
  },
});

const kevList = trigger({
  name: 'kev_list',
  description: "Fires for each vulnerability that is known to be exploited: it is on CISA's list.",
  parameters: {},
  extension: true,
  evaluate: (scan: Scan) => {
    const { advisories } = scan;
    if ('unavailable' in advisories) return noAdvisories(advisories.unavailable);
    if (!advisories.hasKnownExploited) return { firings: [], notEvaluated: 'no list of known exploited vulnerabilities was given' };
    return { ...fires(exploited(advisories).map((match) => vulnerabilityFiring(match, '(known to be exploited)', scan))), ...missed(advisories, 'all') };
  },
});

function exploited({ matches }: AdvisoryAnswer): readonly VulnerabilityMatch[] {
  return matches.filter(({ knownExploited }) => knownExploited === true);
}

export const vulnerabilities = gate<Scan>({
  name: 'vulnerabilities',
  description: 'Known vulnerabilities of installed packages, and the advisories they are known from.',
  prepare: (scan) => scan,
  triggers: [packageTrigger, blacklist, staleFeedData, dataUnavailable, kevList],
});
