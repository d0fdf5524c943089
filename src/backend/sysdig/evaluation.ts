import type { Evaluation, Finding, PolicyOutcome, Vulnerability } from '../../evaluation/evaluation.js';
import { describeImage } from '../../evaluation/evaluate.js';
import { countFindings, gravest, sortFindings } from '../../evaluation/verdict.js';
import type { ScannedImage, ScannedPackage } from '../../report/scanned.js';
import { redact } from '../../text/redact.js';
import type { CheckedImage } from './check.js';
import { resultLink } from './link.js';
import { rowIndex, type RowIndex } from './rows.js';

export interface BackendResult {
  readonly image: ScannedImage;
  readonly checked: CheckedImage;
  readonly vulnerabilities: readonly Vulnerability[];
  readonly problems: readonly string[];
  readonly notices: readonly string[];
  readonly url: string;
  readonly tool: Evaluation['tool'];
  readonly now: Date;
}

/** A backend's answers in the shape of our own evaluation. */
export function evaluationOf({ image, checked, vulnerabilities, problems, notices, url, tool, now }: BackendResult): Evaluation {
  const index = rowIndex(vulnerabilities);
  const findings = checked.findings.map((finding) => located(finding, index, image));
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
    ...(notices.length === 0 ? {} : { notices }),
  };
}

/** A row names what it is about in its id (`CVE-…+package`) or its message (`file=/path`); from that come details and the layer. */
function located(finding: Finding, vulnerabilities: RowIndex, image: ScannedImage): Finding {
  if (finding.gate !== 'vulnerabilities') {
    const path = FILE_OF_MESSAGE.exec(finding.message)?.[1];
    return path === undefined ? finding : withLayer(finding, path, layerThatBrought(path, image), image);
  }
  const vulnerability = vulnerabilities(finding);
  if (vulnerability === undefined) return finding;
  const installed = installedAs(vulnerability, image);
  if (installed === undefined) return withLayer({ ...finding, vulnerability }, vulnerability.package.path, undefined, image);
  const { name, version, type, purl, path, layer } = installed;
  const own = { name, version, type, purl, ...(path === '' ? {} : { path }) };
  return withLayer({ ...finding, vulnerability: { ...vulnerability, package: own } }, path === '' ? undefined : path, layer, image);
}

/** Of a secret that a later layer deleted, the layer that holds it still. */
function layerThatBrought(path: string, image: ScannedImage): number | undefined {
  return image.layerOf(path) ?? image.hiddenSecrets.find((hit) => hit.path === path)?.layer;
}

const FILE_OF_MESSAGE = /\bfile[ =](\/[^\s]*?)(?:\.? Mode:| regexp=|$)/;

/** The package of our own report that the backend means. */
function installedAs({ package: { name, version, path } }: Vulnerability, { packages }: ScannedImage): ScannedPackage | undefined {
  const named = packages.filter((known) => known.name === name && (known.version === version || known.upstreamVersion === version));
  return named.find((known) => known.path === path) ?? (path === undefined ? named[0] : undefined);
}

function withLayer(finding: Finding, path: string | undefined, index: number | undefined, image: ScannedImage): Finding {
  const layer = index === undefined ? undefined : image.layers.find((known) => known.index === index && !known.emptyLayer);
  if (path === undefined && layer === undefined) return finding;
  return {
    ...finding,
    location: {
      ...(path === undefined ? {} : { path }),
      ...(layer === undefined ? {} : { layer: { index: layer.index, diffId: layer.diffId, instruction: redact(layer.createdBy) } }),
    },
  };
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
