import type { Evaluation, Finding } from '../evaluation/evaluation.js';
import type { ScannedImage } from '../report/scanned.js';
import { length, pad, printable } from './columns.js';
import { bytes, count, fixOf, instructionOf, linesOf, messageOf, type Mask } from './describe.js';
import { findFindings } from './findFindings.js';
import { fingerprint } from './fingerprint.js';
import { pathOf } from './gravity.js';
import { remembered } from './mask.js';
import { title } from './title.js';
import { upgrades } from './upgrades.js';
import { subjects, type Subject } from './subjects.js';

/** Findings of one name that are told in full. */
const TOLD = 10;

/**
 * Everything known about a finding: what it is, where it came from, what would mend it.
 * @param image what was scanned, where the report is at hand; undefined where there is only the evaluation
 * @param name as a person calls it: findFindings
 * @returns undefined where the evaluation has no such finding
 */
export function explainFinding(evaluation: Evaluation, image: ScannedImage | undefined, name: string, mask?: Mask): string | undefined {
  const found = findFindings(evaluation, name);
  if (found.length === 0) return undefined;
  const told = found.slice(0, TOLD).map((subject) => tell(subject, evaluation, image, remembered(mask)));
  const more = found.length > TOLD ? [`… and ${count(found.length - TOLD, 'finding')} more of this name: evaluation.json has all.`] : [];
  return `${[...told, ...more].join('\n\n')}\n`;
}

/** Every finding by the name that tells it in full, gravest first: `CVE-2021-23337  stop  CVE-2021-23337 in lodash 4.17.4`. */
export function listFindings({ findings }: Evaluation, mask?: Mask): string {
  const masked = remembered(mask);
  const rows = subjects(findings).map(({ finding }) => [printable(finding.vulnerability?.id ?? finding.id), finding.suppressed === undefined ? finding.action : 'suppressed', printable(title(finding, masked))] as const);
  const [names, actions] = [0, 1].map((column) => Math.max(0, ...rows.map((cells) => length(cells[column] ?? ''))));
  return rows.map(([name, action, what]) => `${pad(name, names ?? 0)}  ${pad(action, actions ?? 0)}  ${what}\n`).join('');
}

function tell({ finding, told }: Subject, evaluation: Evaluation, image: ScannedImage | undefined, mask: Mask): string {
  const lines = [printable(title(finding, mask)), ...facts(finding, told, evaluation, mask), ...packageFacts(finding, image), ...mend(finding, evaluation)];
  return lines.join('\n');
}

function row(name: string, value: string): string[] {
  return value === '' ? [] : [`  ${name.padEnd(14)}${printable(value)}`];
}

function facts(finding: Finding, told: readonly string[], { image }: Evaluation, mask: Mask): string[] {
  const { vulnerability, location, suppressed } = finding;
  const layer = location?.layer;
  const size = image.layers.find(({ index, emptyLayer }) => !emptyLayer && index === layer?.index)?.sizeBytes;
  return [
    ...row('says', messageOf(finding, mask)),
    ...row('decides', `${finding.action}, by the rule ${finding.rule} (${finding.gate}.${finding.trigger}) of the policy ${finding.policy}`),
    ...row('also told by', told.filter((rule) => rule !== `${finding.policy}/${finding.rule}`).join(', ')),
    ...row('control', finding.control ?? ''),
    ...(vulnerability === undefined ? [] : [
      ...row('severity', vulnerability.severity + (vulnerability.cvss === undefined ? '' : `, CVSS ${vulnerability.cvss.score} ${vulnerability.cvss.vector}`)),
      ...row('exploited', vulnerability.knownExploited === true ? 'yes, it is known to be' : ''),
      ...row('EPSS', vulnerability.epss === undefined ? '' : `${(vulnerability.epss * 100).toFixed(1)} % within 30 days`),
      ...row('summary', vulnerability.summary), ...row('also known as', vulnerability.aliases.join(', ')), ...row('published', vulnerability.published ?? ''), ...row('more', vulnerability.url),
    ]),
    ...row('path', pathOf(finding) + (location?.line === undefined ? '' : `:${location.line}`)),
    ...row('layer', layer === undefined ? '' : `${layer.index} ${layer.diffId}${size === undefined ? '' : `, ${bytes(size)}`}`),
    ...row('instruction', layer === undefined ? '' : instructionOf(layer.instruction, mask, 400)),
    ...row('Dockerfile', location?.dockerfile === undefined ? '' : linesOf(location.dockerfile)),
    ...row('from', location?.fromBase === undefined ? '' : location.fromBase ? 'the base image' : 'the application'),
    ...row('new', finding.new === undefined ? '' : finding.new ? 'yes, against the baseline' : 'no, the baseline has it'),
    ...row('suppressed', suppressed === undefined ? '' : `by ${suppressed.by} ${suppressed.id}: ${suppressed.reason}${suppressed.expires === undefined ? '' : `, until ${suppressed.expires}`}`),
    ...row('id', finding.id), ...row('fingerprint', fingerprint(finding)),
  ];
}

function packageFacts({ vulnerability, location }: Finding, image: ScannedImage | undefined): string[] {
  if (vulnerability === undefined) return [];
  const { name, version, type, purl, path } = vulnerability.package;
  const installed = image?.packages.find((one) => one.type === type && one.name === name && one.version === version && (path === undefined || one.path === path || one.path === location?.path));
  return [
    ...row('package', `${name} ${version} (${type}) ${purl}`),
    ...(installed === undefined ? [] : [
      ...row('source', installed.source.name === '' ? '' : `${installed.source.name} ${installed.source.version}`),
      ...row('licences', installed.licenses.join(', ')), ...row('owned by', installed.ownedBy),
      ...row('needed by', image?.packages.filter((one) => one.type === type && one.dependencies.includes(name)).map((one) => one.name).slice(0, 20).join(', ') ?? ''),
    ]),
  ];
}

function mend(finding: Finding, evaluation: Evaluation): string[] {
  const { vulnerability } = finding;
  if (vulnerability === undefined) return row('to mend it', finding.remediation ?? 'Change the instruction, or accept the finding in .inline-scan.yaml with a reason and an expiry.');
  const { name, version, type } = vulnerability.package;
  const upgrade = upgrades(subjects(evaluation.findings)).find(({ package: one }) => one.name === name && one.version === version && one.type === type);
  const best = upgrade === undefined || upgrade.to === '' || upgrade.mends < 2 ? '' : ` ${upgrade.to} mends ${upgrade.mends} of the ${upgrade.total} that ${name} ${version} has.`;
  const base = finding.location?.fromBase === true ? ' It came with the base image: build on a newer one.' : '';
  return row('to mend it', `${fixOf(finding)}${best}${base}`);
}
