import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type { Evaluation, Finding, Severity, Vulnerability } from '../../evaluation/evaluation.js';
import { fixOf, shorten } from '../describe.js';
import { subjects } from '../subjects.js';

const SEVERITIES: Readonly<Record<Severity, Enums.Vulnerability.Severity>> = {
  critical: Enums.Vulnerability.Severity.Critical, high: Enums.Vulnerability.Severity.High, medium: Enums.Vulnerability.Severity.Medium, low: Enums.Vulnerability.Severity.Low,
  negligible: Enums.Vulnerability.Severity.Info, unknown: Enums.Vulnerability.Severity.Unknown,
};

/**
 * The vulnerabilities of an evaluation with what they affect. One that is accepted for some packages only comes twice, since the
 * state of analysis is the vulnerability's.
 * @param refsOf the names, in the bill, of the package that a finding is about
 */
export function vulnerabilitiesOf(evaluation: Evaluation, refsOf: (finding: Finding) => readonly Models.BomRef[]): readonly Models.Vulnerability.Vulnerability[] {
  const known = new Map<string, Models.Vulnerability.Vulnerability>();
  for (const { finding } of subjects(evaluation.findings)) {
    const { vulnerability } = finding;
    if (vulnerability === undefined) continue;
    const analysis = analysisOf(finding);
    const key = JSON.stringify([vulnerability.id, analysis.state, analysis.detail]);
    const entry = known.get(key) ?? describe(vulnerability, analysis, known.size);
    known.set(key, entry);
    for (const ref of refsOf(finding)) entry.affects.add(new Models.Vulnerability.Affect(ref, { versions: new Models.Vulnerability.AffectedVersionRepository([new Models.Vulnerability.AffectedSingleVersion(shorten(vulnerability.package.version, 1024) || 'unknown', { status: Enums.Vulnerability.AffectStatus.Affected })]) }));
  }
  return [...known.values()];
}

function describe(vulnerability: Vulnerability, analysis: Models.Vulnerability.Analysis, position: number): Models.Vulnerability.Vulnerability {
  const { id, severity, cvss, aliases, url, summary, published, fixedIn, package: { name } } = vulnerability;
  const source = new Models.Vulnerability.Source({ name: sourceOf(id), ...(isAddress(url) ? { url } : {}) });
  const date = new Date(published ?? '');
  return new Models.Vulnerability.Vulnerability({
    bomRef: `vulnerability-${position + 1}-${id}`, id, source,
    references: new Models.Vulnerability.ReferenceRepository(aliases.map((alias) => new Models.Vulnerability.Reference(alias, new Models.Vulnerability.Source({ name: sourceOf(alias) })))),
    ratings: new Models.Vulnerability.RatingRepository([new Models.Vulnerability.Rating({ severity: SEVERITIES[severity], ...(cvss === undefined ? {} : { score: cvss.score, vector: cvss.vector, method: methodOf(cvss.vector) }) })]),
    ...(summary === '' ? {} : { description: summary }),
    recommendation: fixedIn.length === 0 ? `No version of ${name} mends it yet.` : fixOf({ vulnerability } as Finding),
    ...(isAddress(url) ? { advisories: new Models.Vulnerability.AdvisoryRepository([new Models.Vulnerability.Advisory(url)]) } : {}),
    ...(Number.isNaN(date.getTime()) ? {} : { published: date }),
    analysis,
  });
}

/** What VEX says stands as it is; what a person accepts is there still, and will not be mended for now; the rest is to be looked at. */
function analysisOf({ suppressed, vulnerability }: Finding): Models.Vulnerability.Analysis {
  const { AnalysisState: State, AnalysisResponse: Response, AnalysisResponseRepository: Responses } = Enums.Vulnerability;
  const { Analysis } = Models.Vulnerability;
  if (suppressed === undefined) {
    return new Analysis({ state: State.InTriage, response: new Responses(vulnerability?.fixedIn.length === 0 ? [] : [Response.Update]) });
  }
  const detail = `${suppressed.reason} (${suppressed.by} ${suppressed.id}${suppressed.expires === undefined ? '' : `, until ${suppressed.expires}`})`;
  if (suppressed.by === 'vex') {
    const state = /\bfixed\b/i.test(suppressed.reason) ? State.Resolved : State.NotAffected;
    return new Analysis({ state, detail });
  }
  return new Analysis({ state: State.Exploitable, response: new Responses([Response.WillNotFix]), detail });
}

function sourceOf(id: string): string {
  if (id.startsWith('CVE-')) return 'NVD';
  if (id.startsWith('GHSA-')) return 'GitHub Advisories';
  return 'OSV';
}

function methodOf(vector: string): Enums.Vulnerability.RatingMethod {
  const { RatingMethod } = Enums.Vulnerability;
  if (vector.startsWith('CVSS:4')) return RatingMethod.CVSSv4;
  if (vector.startsWith('CVSS:3.1')) return RatingMethod.CVSSv31;
  return vector.startsWith('CVSS:3') ? RatingMethod.CVSSv3 : RatingMethod.CVSSv2;
}

function isAddress(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url);
}
