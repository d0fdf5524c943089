import type { Action, Finding } from '../../evaluation/evaluation.js';
import { fixOf, shorten } from '../describe.js';
import { securitySeverity } from '../gravity.js';
import { codeSpan, escapeMarkdown, link, plainText } from '../markdown.js';
import { visible } from '../../text/visible.js';
import type { Subject } from '../subjects.js';
import type { SarifLevel, SarifRule } from './log.js';

/** An address that RFC 3986 knows, of characters that can be seen. */
const ADDRESS = /^https?:\/\/(?:[\w.~:/?#@!$&'()*+,;=-]|%[2-7][0-9A-Fa-f])+$/;

const LEVELS: Readonly<Record<Action, SarifLevel>> = { stop: 'error', warn: 'warning', go: 'note' };

export function levelOf(action: Action): SarifLevel {
  return LEVELS[action];
}

/** Characters that code scanning takes of a rule's id and of its name, and of its descriptions. Source: GitHub, "SARIF support for code scanning". */
const MAX_NAME = 255;
const MAX_DESCRIPTION = 1_024;

/** A vulnerability is a rule of its own, everything else is its gate and trigger. */
export function ruleIdOf({ vulnerability, gate, trigger }: Finding): string {
  return shorten(visible(vulnerability?.id ?? `${gate}/${trigger}`), MAX_NAME);
}

/** The rules of some findings, each once, in the order of its gravest; and which one a finding has. */
export function sarifRules(subjects: readonly Subject[]): { readonly rules: readonly SarifRule[]; readonly indexOf: (subject: Subject) => number } {
  const groups = new Map<string, Finding[]>();
  for (const { finding } of subjects) {
    const id = ruleIdOf(finding);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [finding]);
    else group.push(finding);
  }
  const index = new Map([...groups.keys()].map((id, position) => [id, position]));
  const rules = [...groups].flatMap(([id, [first, ...others]]) => (first === undefined ? [] : [rule(id, first, others)]));
  return { rules, indexOf: ({ finding }) => index.get(ruleIdOf(finding)) ?? -1 };
}

/** Packages that one vulnerability is in and whose upgrades its help names. */
const FIXES = 5;

function rule(id: string, first: Finding, others: readonly Finding[]): SarifRule {
  const { vulnerability } = first;
  const severity = [first, ...others].reduce((most, finding) => Math.max(most, securitySeverity(finding)), 0);
  const fixes = [...new Set([first, ...others].map(fixOf))].slice(0, FIXES).join(' ');
  const short = sentence(vulnerability === undefined ? words(first) : shorten(vulnerability.summary || `${id} in ${vulnerability.package.name}`, 200));
  return {
    id,
    name: nameOf(first),
    shortDescription: { text: short },
    fullDescription: { text: sentence(vulnerability === undefined ? `The policy's rule about ${words(first)}` : shorten(`${id}: ${vulnerability.summary || vulnerability.package.name}`, 900)) },
    help: { text: plainText(helpText(first, fixes)), markdown: helpMarkdown(first, fixes) },
    ...(vulnerability !== undefined && ADDRESS.test(vulnerability.url) ? { helpUri: vulnerability.url } : {}),
    defaultConfiguration: { level: levelOf(first.action) },
    properties: { tags: tagsOf(first), precision: 'very-high', 'security-severity': severity.toFixed(1) },
  };
}

/** Pascal case, as code scanning shows it beside the id. */
function nameOf({ gate, trigger, vulnerability }: Finding): string {
  const text = vulnerability === undefined ? `${gate}_${trigger}` : `vulnerable_${vulnerability.package.type}_package`;
  return text.split(/[^A-Za-z0-9]+/).filter((part) => part !== '').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('').slice(0, MAX_NAME);
}

function words({ gate, trigger }: Finding): string {
  return `${gate.replaceAll('_', ' ')}: ${trigger.replaceAll('_', ' ')}`;
}

function sentence(text: string): string {
  const line = shorten(plainText(text).replace(/\s+/g, ' ').trim(), MAX_DESCRIPTION - 1);
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

/** Code scanning takes 20 tags and shows 10. */
function tagsOf({ gate, vulnerability, control }: Finding): string[] {
  const tags = ['security', 'container', gate.replaceAll('_', '-')];
  if (vulnerability !== undefined) tags.push('vulnerability', vulnerability.package.type, vulnerability.severity);
  if (vulnerability?.knownExploited === true) tags.push('known-exploited');
  if (control !== undefined) tags.push(shorten(control, 60));
  return [...new Set(tags)].slice(0, 10);
}

function helpText(finding: Finding, fixes: string): string {
  const { vulnerability } = finding;
  if (vulnerability === undefined) return sentence(`${words(finding)}. ${finding.remediation ?? 'Change the image, or accept the finding in .inline-scan.yaml with a reason and an expiry'}`);
  const other = vulnerability.aliases.length === 0 ? '' : ` Also known as ${vulnerability.aliases.slice(0, 10).join(', ')}.`;
  return `${sentence(vulnerability.summary || vulnerability.id)}${other} ${fixes} ${vulnerability.url}`.trim();
}

function helpMarkdown(finding: Finding, fixes: string): string {
  const { vulnerability, remediation, control, policy } = finding;
  const accept = 'Otherwise accept it in `.inline-scan.yaml`, with a reason and an expiry: it is then shown as suppressed.';
  if (vulnerability === undefined) {
    return [
      `## ${escapeMarkdown(words(finding))}`,
      `**What** A rule of the policy ${codeSpan(policy)} says no${control === undefined ? '' : ` (${escapeMarkdown(control)})`}.`,
      '**Where** At the instruction that the alert points at; the alert names the path and the layer of the image.',
      `**How to fix** ${escapeMarkdown(remediation ?? 'Change the instruction so that the rule holds.')} ${accept}`,
    ].join('\n\n');
  }
  const { id, summary, severity, cvss, epss, knownExploited, aliases, url } = vulnerability;
  const facts = [
    `severity **${severity}**`,
    ...(cvss === undefined ? [] : [`CVSS ${cvss.score} ${codeSpan(cvss.vector)}`]),
    ...(epss === undefined ? [] : [`EPSS ${(epss * 100).toFixed(1)} %`]),
    ...(knownExploited === true ? ['**known to be exploited**'] : []),
  ];
  return [
    `## ${link(id, url)}`,
    `**What** ${escapeMarkdown(shorten(summary || id, 900))}`,
    facts.join(' · '),
    ...(aliases.length === 0 ? [] : [`Also known as ${aliases.slice(0, 10).map(escapeMarkdown).join(', ')}.`]),
    '**Where** At the instruction that brought the package in; the alert names its path and its layer.',
    `**How to fix** ${escapeMarkdown(fixes)} ${accept}`,
  ].join('\n\n');
}
