import type { Finding, Severity } from '../../evaluation/evaluation.js';
import { fixOf, linesOf, shorten, type Mask } from '../describe.js';
import { pathOf } from '../gravity.js';
import { codeCell, escapeMarkdown, link } from '../markdown.js';
import { title } from '../title.js';

const SIGNS: Readonly<Record<Severity, string>> = { critical: '🟣', high: '🔴', medium: '🟠', low: '🟡', negligible: '⚪', unknown: '❔' };

/** On one line, wherever it stands. */
export function sign(severity: Severity): string {
  return `${SIGNS[severity]}\u00a0${severity}`;
}

export function actionSign({ action, suppressed }: Finding): string {
  if (suppressed !== undefined) return '🔕&nbsp;suppressed';
  return action === 'stop' ? '🛑&nbsp;stop' : action === 'warn' ? '⚠️&nbsp;warn' : 'ℹ️&nbsp;info';
}

/** Longest text of an image within a cell. */
const CELL = 120;
/** Remedies are the policy's: longer ones than this are paragraphs. */
const REMEDY = 300;

/** What it is: a vulnerability with its address and its package, or the rule's message. */
export function what(finding: Finding, mask: Mask): string {
  const { vulnerability } = finding;
  const mark = finding.new === true ? ' 🆕' : '';
  if (vulnerability === undefined) return escapeMarkdown(shorten(title(finding, mask), 240)) + mark;
  const exploited = vulnerability.knownExploited === true ? ' **exploited**' : '';
  const summary = vulnerability.summary === '' ? '' : `<br>${escapeMarkdown(shorten(vulnerability.summary, CELL))}`;
  return `${link(shorten(vulnerability.id, 60), vulnerability.url)}${exploited}${mark}${summary}`;
}

export function packageOf({ vulnerability }: Finding): string {
  return vulnerability === undefined ? '' : `${codeCell(shorten(vulnerability.package.name, 80))} ${escapeMarkdown(shorten(vulnerability.package.version, 40))}`;
}

export function fix({ vulnerability, remediation }: Finding): string {
  if (vulnerability === undefined) return escapeMarkdown(shorten(remediation ?? '', REMEDY));
  return vulnerability.fixedIn.length === 0 ? '–' : escapeMarkdown(shorten(vulnerability.fixedIn.slice(0, 3).join(', '), 80));
}

/** The Dockerfile's lines, then the path in the image. */
export function where(finding: Finding): string {
  const { location } = finding;
  const path = pathOf(finding);
  const parts = [
    ...(location?.dockerfile === undefined ? [] : [codeCell(shorten(linesOf(location.dockerfile), 80)) + (location.fromBase === true ? ' base' : '')]),
    ...(path === '' ? [] : [codeCell(shorten(path, CELL) + (location?.line === undefined ? '' : `:${location.line}`))]),
  ];
  return parts.join('<br>');
}

export function line(finding: Finding): string {
  return finding.location?.dockerfile === undefined ? '' : codeCell(shorten(linesOf(finding.location.dockerfile), 80));
}

export { fixOf, title };
