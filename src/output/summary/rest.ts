import type { Evaluation } from '../../evaluation/evaluation.js';
import { bytes, count, shorten, thousands } from '../describe.js';
import { codeCell, codeSpan, escapeMarkdown } from '../markdown.js';
import { fold, table } from './html.js';

/** Rows of each list beside the findings. */
const ROWS = 100;

/** Notices that stand at the top; the others are folded. */
const SEEN = 5;

/** What a reader should know at once: exceptions that will expire or are not used, what was left out. */
export function worthKnowing({ notices = [] }: Evaluation): string {
  if (notices.length === 0) return '';
  const lines = notices.slice(0, SEEN).map((notice) => `> - ${escapeMarkdown(shorten(notice, 300))}`);
  return ['> [!NOTE]', ...lines, ...(notices.length > SEEN ? [`> - … and ${thousands(notices.length - SEEN)} more below`] : [])].join('\n');
}

/** What was not evaluated, what could not be read, what else a reader should know. */
export function aside({ notEvaluated, problems, notices = [] }: Evaluation): string[] {
  const rules = table(['Policy', 'Rule', 'Trigger', 'Why'], notEvaluated.slice(0, ROWS).map(({ policy, rule, gate, trigger, why }) => (
    [policy, rule].map((text) => codeCell(shorten(text, 80))).concat(codeCell(shorten(`${gate}.${trigger}`, 80)), escapeMarkdown(shorten(why, 240))))));
  const unread = table(['Path', 'Analyzer', 'Problem'], problems.slice(0, ROWS).map(({ path = '', analyzer = '', message }) => [codeCell(shorten(path, 160)), escapeMarkdown(analyzer), escapeMarkdown(shorten(message, 300))]));
  const told = notices.slice(SEEN, ROWS + SEEN).map((notice) => `- ${escapeMarkdown(shorten(notice, 300))}`).join('\n');
  return [
    fold(`Not evaluated (${thousands(notEvaluated.length)})`, cut(rules, notEvaluated.length)),
    fold(`Problems while reading (${thousands(problems.length)})`, cut(unread, problems.length)),
    fold(`More that is worth knowing (${thousands(Math.max(0, notices.length - SEEN))})`, cut(told, notices.length - SEEN)),
  ];
}

function cut(content: string, total: number): string {
  return total > ROWS ? `${content}\n\n… and ${thousands(total - ROWS)} more` : content;
}

/** What was sent where, and what was looked at with what. */
export function provenance(evaluation: Evaluation, packages: number | undefined): string {
  const { image, tool, evaluatedAt, advisories, backend } = evaluation;
  const distro = [image.distro.id, image.distro.version].filter((part) => part !== '').join(' ');
  const rows = [
    ['Image', `${codeCell(shorten(image.name, 200))} ${codeCell(image.digest)}`],
    ['Image ID', codeCell(image.id)],
    ['Holds', [distro === '' ? '' : escapeMarkdown(shorten(distro, 60)), bytes(image.sizeBytes), count(image.layers.filter(({ emptyLayer }) => !emptyLayer).length, 'layer'), packages === undefined ? '' : count(packages, 'package')].filter((part) => part !== '').join(', ')],
    ['Advisories', advisories === null ? 'none were asked' : `${escapeMarkdown(shorten(advisories.source, 200))}, ${count(advisories.records, 'record')}${advisories.newest === null ? '' : `, newest ${escapeMarkdown(shorten(advisories.newest, 40))}`}${advisories.fetchedAt === null ? '' : `, fetched ${escapeMarkdown(shorten(advisories.fetchedAt, 40))}`}`],
    ['Evaluated', `${escapeMarkdown(shorten(evaluatedAt, 40))} by ${escapeMarkdown(`${tool.name} ${tool.version}`)}`],
  ];
  return fold('What was sent where, and with what this was made', `${sent(backend, advisories)}\n\n${table(['', ''], rows)}`);
}

function sent(backend: string, advisories: Evaluation['advisories']): string {
  const service = /^https?:/.test(advisories?.source ?? '') || advisories?.source === 'osv';
  const asked = service ? 'Names and versions of packages were sent to the source of advisories named below, to ask what is known about them.' : 'No advisories were asked for over the network.';
  if (backend === 'embedded') return `The image was scanned and evaluated on this machine. ${asked} Nothing else left it: no layer, no file, no secret.`;
  return `The image was scanned on this machine. Its metadata (the analysis report: paths, digests, packages, configuration; no layer, no file's content but those that were asked for) was sent to ${codeSpan(shorten(backend, 300))}, which evaluated it. Secrets were never sent.`;
}
