import { Vulnerability as Enums } from '@cyclonedx/cyclonedx-library/Enums';
import type { Evaluation, Finding, Severity, Vulnerability } from '../../evaluation/evaluation.js';
import { lazily } from '../../report/readSection.js';
import { fixOf, shorten } from '../describe.js';
import { subjects } from '../subjects.js';
import type { Affect, Analysis, Vulnerability as Described } from './cycloneDx.js';
import type { NamedPackage } from './packages.js';

const SEVERITIES: Readonly<Record<Severity, Enums.Severity>> = {
  critical: Enums.Severity.Critical, high: Enums.Severity.High, medium: Enums.Severity.Medium, low: Enums.Severity.Low,
  negligible: Enums.Severity.Info, unknown: Enums.Severity.Unknown,
};

/** The schema's limit. */
const MAX_VERSION = 1024;

/**
 * The vulnerabilities of an evaluation with what they affect, gravest first. One that is accepted for some packages only comes twice, since the
 * state of analysis is the vulnerability's.
 */
export function vulnerabilitiesOf(evaluation: Evaluation, packages: readonly NamedPackage[]): Described[] {
  const refsOf = lazily(() => refsBy(packages));
  const known = new Map<string, { described: Described; affects: Map<string, Affect> }>();
  for (const { finding } of subjects(evaluation.findings)) {
    const { vulnerability } = finding;
    if (vulnerability === undefined) continue;
    const analysis = analysisOf(finding);
    const key = JSON.stringify([vulnerability.id, analysis.state, analysis.detail]);
    const entry = known.get(key) ?? { described: describe(vulnerability, analysis, known.size), affects: new Map() };
    known.set(key, entry);
    const version = shorten(vulnerability.package.version, MAX_VERSION) || 'unknown';
    for (const ref of refsOf()(finding)) entry.affects.set(ref, { ref, versions: [{ version, status: isHarmless(analysis) ? Enums.AffectStatus.Unaffected : Enums.AffectStatus.Affected }] });
  }
  return [...known.values()].map(({ described, affects }) => (affects.size === 0 ? described : { ...described, affects: [...affects.values()] }));
}

function describe(vulnerability: Vulnerability, analysis: Analysis, position: number): Described {
  const { id, severity, cvss, aliases, url, summary, published, fixedIn, package: { name } } = vulnerability;
  const date = new Date(published ?? '');
  return {
    'bom-ref': `vulnerability-${position + 1}-${id}`, id, source: sourceOf(id, url),
    ...(aliases.length === 0 ? {} : { references: aliases.map((alias) => ({ id: alias, source: sourceOf(alias, '') })) }),
    ratings: [{ ...(cvss === undefined ? {} : { score: cvss.score }), severity: SEVERITIES[severity], ...(cvss === undefined ? {} : { method: methodOf(cvss.vector), vector: cvss.vector }) }],
    ...(summary === '' ? {} : { description: summary }),
    recommendation: fixedIn.length === 0 ? `No version of ${name} mends it yet.` : fixOf({ vulnerability } as Finding),
    ...(isAddress(url) ? { advisories: [{ url: url.replace(UNSAFE, percent) }] } : {}),
    ...(Number.isNaN(date.getTime()) ? {} : { published: date.toISOString() }),
    analysis,
  };
}

/** What VEX says stands as it is; what a person accepts is there still, and will not be mended for now; the rest is to be looked at. */
function analysisOf({ suppressed, vulnerability }: Finding): Analysis {
  const { AnalysisState: State, AnalysisResponse: Response } = Enums;
  if (suppressed === undefined) return { state: State.InTriage, ...(vulnerability?.fixedIn.length === 0 ? {} : { response: [Response.Update] }) };
  const detail = `${suppressed.reason} (${suppressed.by} ${suppressed.id}${suppressed.expires === undefined ? '' : `, until ${suppressed.expires}`})`;
  if (suppressed.by === 'vex') return { ...saidByVex(suppressed.reason), detail };
  return { state: State.Exploitable, response: [Response.WillNotFix], detail };
}

/** What OpenVEX and CycloneDX call it, in CycloneDX's words. Source: OpenVEX 0.2.0, "Status Justifications"; CycloneDX 1.6, impactAnalysisJustification. */
const JUSTIFICATIONS: ReadonlyMap<string, Enums.AnalysisJustification> = new Map([
  ['component_not_present', Enums.AnalysisJustification.CodeNotPresent], ['vulnerable_code_not_present', Enums.AnalysisJustification.CodeNotPresent],
  ['vulnerable_code_not_in_execute_path', Enums.AnalysisJustification.CodeNotReachable],
  ['inline_mitigations_already_exist', Enums.AnalysisJustification.ProtectedByMitigatingControl],
  ...Object.values(Enums.AnalysisJustification).map((word): [string, Enums.AnalysisJustification] => [word, word]),
]);

const HARMLESS: ReadonlyMap<string, Enums.AnalysisState> = new Map([
  ['fixed', Enums.AnalysisState.Resolved], ['resolved', Enums.AnalysisState.Resolved], ['resolved_with_pedigree', Enums.AnalysisState.ResolvedWithPedigree],
  ['false_positive', Enums.AnalysisState.FalsePositive], ['not_affected', Enums.AnalysisState.NotAffected],
]);

/** @param reason `status: justification: more`, as the readers of VEX write it */
function saidByVex(reason: string): Pick<Analysis, 'state' | 'justification'> {
  const [status = '', why = ''] = reason.split(':').map((part) => part.trim());
  const state = HARMLESS.get(status) ?? Enums.AnalysisState.NotAffected;
  const justification = state === Enums.AnalysisState.NotAffected ? JUSTIFICATIONS.get(why) : undefined;
  return { state, ...(justification === undefined ? {} : { justification }) };
}

function isHarmless({ state }: Analysis): boolean {
  return [...HARMLESS.values()].some((harmless) => harmless === state);
}

/** Finds the components that a finding is about: by what it is and where it lies, else by what it is. */
function refsBy(packages: readonly NamedPackage[]): (finding: Finding) => readonly string[] {
  const byPlace = new Map<string, string[]>();
  const add = (key: string, ref: string): void => {
    const refs = byPlace.get(key);
    if (refs === undefined) byPlace.set(key, [ref]);
    else refs.push(ref);
  };
  for (const { package: { type, name, version, path }, ref } of packages) {
    add(JSON.stringify([type, name, version, path]), ref);
    add(JSON.stringify([type, name, version]), ref);
  }
  return ({ vulnerability, location }) => {
    if (vulnerability === undefined) return [];
    const { type, name, version, path } = vulnerability.package;
    return byPlace.get(JSON.stringify([type, name, version, path ?? location?.path])) ?? byPlace.get(JSON.stringify([type, name, version])) ?? [];
  };
}

/** Who gave it the number, and where that is told; of others, where the record came from. */
function sourceOf(id: string, url: string): NonNullable<Described['source']> {
  if (/^CVE-\d{4}-\d{4,19}$/.test(id)) return { name: 'NVD', url: `https://nvd.nist.gov/vuln/detail/${id}` };
  if (/^GHSA(-[0-9a-z]{4}){3}$/.test(id)) return { name: 'GitHub Advisories', url: `https://github.com/advisories/${id}` };
  return { name: 'OSV', ...(isAddress(url) ? { url: url.replace(UNSAFE, percent) } : {}) };
}

function methodOf(vector: string): Enums.RatingMethod {
  const { RatingMethod } = Enums;
  if (vector.startsWith('CVSS:4')) return RatingMethod.CVSSv4;
  if (vector.startsWith('CVSS:3.1')) return RatingMethod.CVSSv31;
  return vector.startsWith('CVSS:3') ? RatingMethod.CVSSv3 : RatingMethod.CVSSv2;
}

function isAddress(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url);
}

/** What an IRI reference must not hold (RFC 3987), and addresses of advisories sometimes do. */
const UNSAFE = /[ "'[\]<>{}]/g;

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
