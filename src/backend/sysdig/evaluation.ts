import type { Evaluation, Finding, PolicyOutcome, Vulnerability } from '../../evaluation/evaluation.js';
import { describeImage } from '../../evaluation/evaluate.js';
import { countFindings, gravest, sortFindings } from '../../evaluation/verdict.js';
import type { ScannedImage } from '../../report/scanned.js';
import type { CheckedImage } from './check.js';
import { resultLink } from './link.js';

export interface BackendResult {
  readonly image: ScannedImage;
  readonly checked: CheckedImage;
  readonly vulnerabilities: readonly Vulnerability[];
  readonly problems: readonly string[];
  readonly url: string;
  readonly tool: Evaluation['tool'];
  readonly now: Date;
}

/** A backend's answers in the shape of our own evaluation. */
export function evaluationOf({ image, checked, vulnerabilities, problems, url, tool, now }: BackendResult): Evaluation {
  const byName = new Map(vulnerabilities.map((vulnerability) => [vulnerabilityKey(vulnerability.id, vulnerability.package.name), vulnerability]));
  const findings = checked.findings.map((finding) => located(finding, byName, image));
  return {
    schema: 1,
    tool,
    evaluatedAt: now.toISOString(),
    image: describeImage(image),
    backend: url,
    resultUrl: resultLink(url, image.name, image.digest),
    verdict: checked.finalAction,
    reason: checked.reason,
    status: checked.status,
    policies: policiesOf(findings, checked),
    findings: sortFindings(findings),
    counts: countFindings(findings),
    advisories: null,
    notEvaluated: [],
    problems: [
      ...image.problems.map(({ path, analyzer, message }) => ({ ...(path === '' ? {} : { path }), analyzer, message })),
      ...problems.map((message) => ({ message })),
    ],
  };
}

/** A row names what it is about in its id (`CVE-…+package`) or its message (`file=/path`); from that come details and the layer. */
function located(finding: Finding, vulnerabilities: ReadonlyMap<string, Vulnerability>, image: ScannedImage): Finding {
  if (finding.gate === 'vulnerabilities') {
    const vulnerability = vulnerabilityOf(finding.id, vulnerabilities);
    if (vulnerability === undefined) return finding;
    const { package: { name, version, path } } = vulnerability;
    const installed = image.packages.find((known) => known.name === name && (path === undefined ? known.version === version || known.upstreamVersion === version : known.path === path));
    const known = installed === undefined ? vulnerability : { ...vulnerability, package: { ...vulnerability.package, purl: installed.purl } };
    return withLayer({ ...finding, vulnerability: known }, path, installed?.layer, image);
  }
  const path = /\bfile[ =](\/[^\s]*?)(?:\.? Mode:| regexp=|$)/.exec(finding.message)?.[1];
  return path === undefined ? finding : withLayer(finding, path, image.layerOf(path), image);
}

function withLayer(finding: Finding, path: string | undefined, index: number | undefined, image: ScannedImage): Finding {
  const layer = index === undefined ? undefined : image.layers.find((known) => known.index === index && !known.emptyLayer);
  return {
    ...finding,
    location: {
      ...(path === undefined ? {} : { path }),
      ...(layer === undefined ? {} : { layer: { index: layer.index, diffId: layer.diffId, instruction: layer.createdBy } }),
    },
  };
}

function vulnerabilityOf(id: string, known: ReadonlyMap<string, Vulnerability>): Vulnerability | undefined {
  const plus = id.indexOf('+');
  return plus === -1 ? undefined : known.get(vulnerabilityKey(id.slice(0, plus), id.slice(plus + 1)));
}

function vulnerabilityKey(id: string, name: string): string {
  return `${id}\n${name}`;
}

function policiesOf(findings: readonly Finding[], { policyNames, finalAction }: CheckedImage): PolicyOutcome[] {
  const ids = [...new Set([...policyNames.keys(), ...findings.map(({ policy }) => policy)])];
  return ids.map((id): PolicyOutcome => {
    const actions = findings.filter((finding) => finding.policy === id && finding.suppressed === undefined).map(({ action }) => action);
    return {
      id, name: policyNames.get(id) ?? id, verdict: ids.length === 1 ? finalAction : gravest(actions),
      stops: actions.filter((action) => action === 'stop').length, warnings: actions.filter((action) => action === 'warn').length,
    };
  });
}
