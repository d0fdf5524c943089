import type { EvaluatedImage, Finding } from '../../evaluation/evaluation.js';
import { fixOf, instructionOf, linesOf, messageOf as said, shorten, type Mask } from '../describe.js';
import { pathOf } from '../gravity.js';
import { plainText } from '../markdown.js';
import type { Subject } from '../subjects.js';
import type { SarifLocation, SarifResult } from './log.js';
import { title } from '../title.js';
import { levelOf, ruleIdOf } from './rules.js';

export function sarifResult({ finding, told, fingerprint }: Subject, image: EvaluatedImage, ruleIndex: number, mask: Mask): SarifResult {
  const { vulnerability, suppressed, location } = finding;
  return {
    ruleId: ruleIdOf(finding),
    ruleIndex,
    level: levelOf(finding.action),
    message: { text: messageOf(finding, image, mask) },
    locations: [locationOf(finding, image, mask)],
    // Code scanning knows an alert again by the first; the second is ours, for other readers.
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1`, 'inlineScan/v1': fingerprint },
    ...(finding.new === undefined ? {} : { baselineState: finding.new ? 'new' as const : 'unchanged' as const }),
    ...(suppressed === undefined ? {} : { suppressions: [{ kind: 'external', status: 'accepted', justification: plainText(shorten(`${suppressed.reason} (${suppressed.by} ${suppressed.id}${suppressed.expires === undefined ? '' : `, until ${suppressed.expires}`})`)) }] }),
    properties: {
      triggerId: finding.id,
      ...(vulnerability === undefined ? { message: plainText(shorten(said(finding, mask))) } : {}),
      rules: told.slice(0, 20),
      ...(location?.fromBase === undefined ? {} : { from: location.fromBase ? 'base image' : 'application' }),
      ...(vulnerability === undefined ? {} : { package: vulnerability.package.purl, fixedIn: vulnerability.fixedIn.slice(0, 20) }),
    },
  };
}

/** What, where in the image, who brought it, how to mend it. */
function messageOf(finding: Finding, image: EvaluatedImage, mask: Mask): string {
  const { vulnerability, location } = finding;
  const what = vulnerability === undefined
    ? title(finding, mask)
    : `${vulnerability.package.name} ${vulnerability.package.version} (${vulnerability.package.type}) has ${vulnerability.id}, ${vulnerability.severity}: ${shorten(vulnerability.summary || vulnerability.id, 300)}`;
  const path = what.includes(pathOf(finding)) ? '' : pathOf(finding);
  const where = `In ${image.name}${path === '' ? '' : `, ${shorten(path, 300)}${location?.line === undefined ? '' : ` line ${location.line}`}`}`;
  const layer = location?.layer;
  const origin = location?.fromBase === true ? ', from the base image'
    : layer === undefined ? '' : `, layer ${layer.index}: ${instructionOf(layer.instruction, mask)}`;
  return [what, `${where}${origin}`, fixOf(finding)].filter((part) => part !== '').map((part) => end(plainText(part).trim())).join(' ');
}

function end(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function locationOf(finding: Finding, image: EvaluatedImage, mask: Mask): SarifLocation {
  const { location } = finding;
  const path = pathOf(finding);
  const lines = location?.dockerfile;
  const layer = location?.layer;
  // Without a Dockerfile there is no file of the repository to point at: then the path in the image stands for it, since a result must have a place.
  const uri = lines?.file ?? (path === '' ? image.name : path);
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(uri), uriBaseId: '%SRCROOT%' },
      region: { startLine: Math.max(1, lines?.startLine ?? location?.line ?? 1), endLine: Math.max(1, lines?.endLine ?? location?.line ?? 1) },
    },
    logicalLocations: [
      { name: image.name, fullyQualifiedName: image.digest === '' ? image.name : `${image.name}@${image.digest}`, kind: 'module' },
      ...(layer === undefined ? [] : [{ name: `layer ${layer.index}`, fullyQualifiedName: `${image.name}/${layer.diffId}`, kind: 'namespace' }]),
      ...(path === '' ? [] : [{ name: shorten(path.slice(path.lastIndexOf('/') + 1) || path), fullyQualifiedName: shorten(`${image.name}:${path}`, 2_000), kind: 'resource' }]),
    ],
    message: { text: plainText(shorten(end(lines === undefined ? `In the image ${image.name}` : `${linesOf(lines)}${layer === undefined ? '' : `, ${instructionOf(layer.instruction, mask)}`}`))) },
  };
}

/** Relative to the root of the repository, percent-encoded, without a scheme or a leading `/` or `./`. */
function relativeUri(path: string): string {
  const segments = path.replaceAll('\\', '/').split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return segments.map((segment) => encodeURIComponent(wellFormed(segment))).join('/') || 'Dockerfile';
}

/** Half a surrogate pair has no percent-encoding. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
