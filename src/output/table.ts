import type { Evaluation, Finding } from '../evaluation/evaluation.js';
import { fit, fitEnd, length, pad, printable } from './columns.js';
import { count, linesOf, type Mask } from './describe.js';
import { pathOf } from './gravity.js';
import { remembered } from './mask.js';
import { subjects, type Subject } from './subjects.js';
import { title } from './title.js';
import { upgrades } from './upgrades.js';

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
  readonly mask?: Mask;
  /** Rows at most; the gravest are shown. */
  readonly rows?: number;
}

/** More rows scroll what matters out of sight. */
const ROWS = 60;
/** Below this nothing can be read in columns. */
const NARROWEST = 40;

/** Whether colours help: on a terminal, unless NO_COLOR (no-color.org) says no; FORCE_COLOR says yes. */
export function wantsColor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '0') !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** The evaluation for a terminal: what was found, gravest first, then the verdict, which stays in sight. No line is wider than the terminal. */
export function table(evaluation: Evaluation, options: TableOptions): string {
  const width = Math.max(NARROWEST, options.width);
  const paint = painter(options.color);
  const mask = remembered(options.mask);
  const all = subjects(evaluation.findings).filter(({ finding }) => finding.suppressed === undefined);
  const shown = all.slice(0, options.rows ?? ROWS);
  const rows = shown.map((subject) => cells(subject, mask));
  const lines = [...columns(rows, width, paint)];
  if (all.length > shown.length) lines.push('', fit(`… and ${count(all.length - shown.length, 'finding')} less grave: evaluation.json and summary.md have all.`, width));
  const first = upgrades(all).filter(({ to, first: { finding } }) => to !== '' && finding.action !== 'go').slice(0, 5);
  if (first.length > 0) lines.push('', paint('bold', 'Upgrade first'), ...first.map(({ package: { name, version }, to, mends }) => fit(`  ${printable(name)} ${printable(version)} → ${printable(to)}  mends ${mends}`, width)));
  return `${[...lines, '', ...verdict(evaluation, all, width, paint)].join('\n')}\n`;
}

interface Row {
  readonly action: Finding['action'];
  readonly severity: string;
  readonly what: string;
  readonly where: string;
  readonly fix: string;
}

function cells({ finding }: Subject, mask: Mask): Row {
  const { action, vulnerability, location } = finding;
  const place = location?.dockerfile === undefined ? pathOf(finding) : linesOf(location.dockerfile) + (location.fromBase === true ? ' (base)' : '');
  return {
    action, severity: vulnerability?.severity ?? 'rule', what: printable((finding.new === true ? '* ' : '') + title(finding, mask)), where: printable(place),
    fix: printable(vulnerability === undefined ? '' : vulnerability.fixedIn[0] ?? '–'),
  };
}

type Style = 'red' | 'yellow' | 'green' | 'dim' | 'bold';
type Paint = (style: Style, text: string) => string;
const CODES: Readonly<Record<Style, number>> = { red: 31, yellow: 33, green: 32, dim: 2, bold: 1 };
const STYLES: Readonly<Record<Finding['action'], Style>> = { stop: 'red', warn: 'yellow', go: 'dim' };

function painter(color: boolean): Paint {
  return (style, text) => (color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
}

/** Action and severity are narrow; what it is gets what the place and the fix leave. */
function columns(rows: readonly Row[], width: number, paint: Paint): string[] {
  if (rows.length === 0) return ['Nothing was found.'];
  const severity = Math.max(8, ...rows.map((row) => row.severity.length));
  const left = width - 4 - severity - 8;
  const fix = Math.min(Math.max(5, ...rows.map((row) => length(row.fix))), Math.floor(left * 0.2));
  const needed = Math.max(4, ...rows.map((row) => length(row.what)));
  const where = Math.min(Math.max(5, ...rows.map((row) => length(row.where))), Math.max(Math.floor(left * 0.35), left - fix - needed));
  const what = Math.min(needed, left - fix - where);
  const line = (cell: readonly [string, string, string, string, string]): string => (
    [pad(cell[0], 4), pad(cell[1], severity), pad(fit(cell[2], what), what), pad(fitEnd(cell[3], where), where), fit(cell[4], fix)].join('  ').trimEnd());
  const narrow = left < 30;
  if (narrow) return rows.map((row) => paint(STYLES[row.action], fit(`${row.action} ${row.what} ${row.where}`, width)));
  return [
    paint('bold', line(['', 'severity', 'what', 'where', 'fix'])),
    ...rows.map((row) => paint(STYLES[row.action], line([row.action, row.severity, row.what, row.where, row.fix]))),
  ];
}

const REASONS: Readonly<Record<Evaluation['reason'], string>> = { policy_evaluation: '', denied_image: ', an image that the policy denies', allowed_image: ', an image that the policy allows' };
/** Notices that a terminal shows. */
const NOTICES = 5;

/** Base image and application, counted apart where the Dockerfile tells them apart. */
function origins(open: readonly Subject[], width: number): string[] {
  const from = (base: boolean | undefined): readonly Subject[] => open.filter(({ finding }) => finding.location?.fromBase === base);
  const told = ([['base image', true], ['application', false]] as const).flatMap(([name, isBase]) => {
    const own = from(isBase);
    const stops = own.filter(({ finding }) => finding.action === 'stop').length;
    return own.length === 0 ? [] : [`${name} ${own.length}${stops > 0 ? ` (${stops} stop)` : ''}`];
  });
  const rest = from(undefined).length;
  return told.length === 0 ? [] : joined(told, rest > 0 ? [`the image as a whole ${rest}`] : [], width);
}

/** What the mark of a row means. */
function news(open: readonly Subject[]): string[] {
  const compared = open.filter(({ finding }) => finding.new !== undefined);
  return compared.length === 0 ? [] : [`* new against the baseline: ${compared.filter(({ finding }) => finding.new === true).length}`];
}

/** Parts on one line, or what belongs together on one each. */
function joined(some: readonly string[], others: readonly string[], width: number): string[] {
  const line = [...some, ...others].join(', ');
  return length(line) <= width ? [line] : [some, others].filter((parts) => parts.length > 0).map((parts) => fit(parts.join(', '), width));
}

function verdict({ image, verdict: said, counts, notEvaluated, problems, reason, advisories, backend, notices = [] }: Evaluation, open: readonly Subject[], width: number, paint: Paint): string[] {
  const style: Style = said === 'stop' ? 'red' : said === 'warn' ? 'yellow' : 'green';
  const facts = [`${counts.stop} stop`, `${counts.warn} warn`, `${counts.suppressed} suppressed`, `${counts.severity.critical} critical`, `${counts.severity.high} high`, `${counts.severity.medium} medium`, `${counts.severity.low} low`];
  const aside = [notEvaluated.length > 0 ? `${count(notEvaluated.length, 'rule')} not evaluated` : '', problems.length > 0 ? `${count(problems.length, 'problem')} while reading` : ''].filter((part) => part !== '');
  return [
    paint(style, fit(`${said.toUpperCase()}  ${printable(image.name)}${REASONS[reason]}`, width)),
    ...joined(facts.slice(0, 3), facts.slice(3), width),
    ...origins(open, width),
    ...news(open).map((text) => fit(text, width)),
    ...(advisories === null && backend === 'embedded' ? [paint('yellow', fit('Vulnerabilities were not looked for: no advisories were given.', width))] : []),
    ...(aside.length > 0 ? joined(aside, ['summary.md says which'], width) : []),
    ...notices.slice(0, NOTICES).map((notice) => fit(`note: ${printable(notice)}`, width)),
    ...(notices.length > NOTICES ? [fit(`… and ${count(notices.length - NOTICES, 'note')} more in summary.md`, width)] : []),
  ];
}
