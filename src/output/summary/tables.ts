import { SEVERITIES, type Finding, type Severity } from '../../evaluation/evaluation.js';
import { count, shorten, thousands, type Mask } from '../describe.js';
import { codeCell, escapeMarkdown } from '../markdown.js';
import type { Subject } from '../subjects.js';
import type { SummaryPage } from '../summary.js';
import { fold, table } from './html.js';
import { actionSign, fix, line, packageOf, sign, title, what, where } from './words.js';

const GRAVEST_FIRST: readonly Severity[] = [...SEVERITIES].reverse();

/** Base image and application counted apart, by severity. */
export function originTable(open: readonly Subject[]): string {
  const origins = [['base image', true], ['application', false], ['image as a whole', undefined]] as const;
  const rows = origins.flatMap(([name, fromBase]) => {
    const own = open.filter(({ finding }) => finding.location?.fromBase === fromBase);
    if (own.length === 0) return [];
    const by = GRAVEST_FIRST.map((severity) => number(own.filter(({ finding }) => finding.vulnerability?.severity === severity).length));
    return [[name, ...by, number(own.filter(({ finding }) => finding.vulnerability === undefined).length)]];
  });
  return table(['From', ...GRAVEST_FIRST.map((severity) => `${sign(severity)}:`), 'other rules:'], rows);
}

function number(value: number): string {
  return value === 0 ? '·' : thousands(value);
}

/** Rules first, then vulnerabilities by severity; what decides is open. */
export function findingTables(kept: readonly Subject[], open: readonly Subject[], mask: Mask): string[] {
  const isRule = ({ finding }: Subject): boolean => finding.vulnerability === undefined;
  const groups = [
    { name: 'Rules', has: isRule },
    ...GRAVEST_FIRST.map((severity) => ({ name: `Vulnerabilities: ${sign(severity)}`, has: ({ finding }: Subject) => finding.vulnerability?.severity === severity })),
  ];
  return groups.map(({ name, has }, index) => {
    const rows = kept.filter(has);
    const total = open.filter(has).length;
    const isOpen = index < 2 && rows.some(({ finding }) => finding.action === 'stop') && rows.length <= 20;
    const content = index === 0
      ? table(['', 'What', 'Where', 'How to fix'], withoutRepeats(rows.map(({ finding }) => [actionSign(finding), what(finding, mask), line(finding), fix(finding)])))
      : table(['', 'Vulnerability', 'Package', 'Mended in', 'Where'], rows.map(({ finding }) => [actionSign(finding), what(finding, mask), packageOf(finding), fix(finding), where(finding)]));
    if (total === 0) return '';
    return fold(`${name} (${thousands(total)})`, [content, more(total - rows.length)].filter((part) => part !== '').join('\n\n'), isOpen);
  });
}

/** A remedy that the row above has, too, is not told again. */
function withoutRepeats(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return rows.map((cells, index) => {
    const remedy = cells.at(-1) ?? '';
    return remedy !== '' && rows[index - 1]?.at(-1) === remedy ? [...cells.slice(0, -1), 'as above'] : cells;
  });
}

function more(left: number): string {
  return left > 0 ? `… and ${count(left, 'more')}`.replace('mores', 'more') : '';
}

/** Most packages that the table shows. */
const PACKAGES = 200;

/** By package, with the upgrade that mends the most of it. */
export function packageTable({ upgrades: all, rows: limit }: SummaryPage): string {
  const rows = all.slice(0, Math.min(PACKAGES, limit)).map(({ package: { name, version, type }, to, mends, total, severities, fromBase, first }) => [
    codeCell(shorten(name, 80)), escapeMarkdown(type), escapeMarkdown(shorten(version, 40)), to === '' ? '–' : `**${escapeMarkdown(shorten(to, 40))}**`, `${mends} of ${total}`,
    GRAVEST_FIRST.flatMap((severity) => (severities.has(severity) ? [`${severities.get(severity)} ${severity}`] : [])).join(', '),
    fromBase === true ? 'base image' : fromBase === false ? 'application' : '', line(first.finding),
  ]);
  if (rows.length === 0) return '';
  const content = table(['Package', 'Type', 'Installed', 'Upgrade to', 'Mends:', 'What it has', 'From', 'Line'], rows);
  return fold(`By package, with the upgrade that mends most (${thousands(all.length)})`, [content, more(all.length - rows.length)].filter((part) => part !== '').join('\n\n'));
}

/** Most rows of what is new, and of what is gone. */
const CHANGES = 100;

export function newAndGone(open: readonly Subject[], { gone, rows, mask }: SummaryPage): string {
  if (gone === undefined) return '';
  const limit = Math.min(CHANGES, rows);
  const added = open.filter(({ finding }) => finding.new === true);
  const tell = (mark: string, findings: readonly Finding[]): string[][] => findings.slice(0, limit).map((finding) => [mark, escapeMarkdown(title(finding, mask)), finding.vulnerability === undefined ? '' : sign(finding.vulnerability.severity), line(finding)]);
  const content = table(['', 'Finding', 'Severity', 'Line'], [...tell('🆕 new', added.map(({ finding }) => finding)), ...tell('✔️ gone', gone)]);
  const left = Math.max(0, added.length - limit) + Math.max(0, gone.length - limit);
  return fold(`Against the baseline: ${thousands(added.length)} new, ${thousands(gone.length)} gone`, [content === '' ? 'Nothing is new and nothing is gone.' : content, more(left)].filter((part) => part !== '').join('\n\n'), added.length > 0 && added.length <= 20);
}

export function suppressedTable(kept: readonly Subject[], total: number, mask: Mask): string {
  if (total === 0) return '';
  const rows = kept.map(({ finding }) => [
    escapeMarkdown(title(finding, mask)), finding.vulnerability === undefined ? '' : sign(finding.vulnerability.severity), escapeMarkdown(`${finding.suppressed?.by ?? ''} ${shorten(finding.suppressed?.id ?? '', 60)}`),
    escapeMarkdown(shorten(finding.suppressed?.reason ?? '', 240)), escapeMarkdown(shorten(finding.suppressed?.expires ?? '', 40)), line(finding),
  ]);
  return fold(`Suppressed, and why (${thousands(total)})`, [table(['Finding', 'Severity', 'By', 'Reason', 'Until', 'Line'], rows), more(total - rows.length)].filter((part) => part !== '').join('\n\n'));
}
