import type { Evaluation, Finding } from '../evaluation/evaluation.js';
import { count, thousands, type Mask } from './describe.js';
import { remembered } from './mask.js';
import { subjects, type Subject } from './subjects.js';
import { doFirst, headline } from './summary/head.js';
import { fold } from './summary/html.js';
import { layers, plots } from './summary/layers.js';
import { aside, provenance, worthKnowing } from './summary/rest.js';
import { findingTables, newAndGone, originTable, packageTable, suppressedTable } from './summary/tables.js';
import { upgrades, type Upgrade } from './upgrades.js';

/** GitHub drops the whole summary of a step beyond 1 MiB; the workflow's own lines need room too. */
export const MAX_SUMMARY_BYTES = 1024 * 1024 - 32 * 1024;

/** What GitHub takes of a step; one byte more, and nothing of it is shown. */
const STEP_BYTES = 1024 * 1024;

/** The page where it fits behind what the step's summary holds already (bytes), else its head: what stands before the first table and fold. */
export function fittingSummary(page: string, before: number): string {
  const left = STEP_BYTES - before - 1;
  // what stood there may not have ended its line
  if (Buffer.byteLength(page) <= left) return before > 0 ? `\n${page}` : page;
  const head = `\n${page.slice(0, page.search(/^(?:\||<details)/m))}The rest does not fit into this step's summary; \`summary.md\` has all of it.\n`;
  return Buffer.byteLength(head) <= left ? head : '';
}

export interface SummaryOptions {
  /** Hides secrets; maskSecrets where it is not given. */
  readonly mask?: Mask;
  /** Findings of the baseline that are there no more; undefined where there is no baseline. */
  readonly gone?: readonly Finding[] | undefined;
  /** Why the step passes though the verdict says no: a sentence. */
  readonly allTheSame?: string | undefined;
  /** Packages that the image holds, for what was sent where. */
  readonly packages?: number | undefined;
}

/**
 * The job summary, in GitHub-flavoured Markdown: the verdict and what to do first, then all there is, folded.
 * Never longer than MAX_SUMMARY_BYTES: it is shortened from the least grave, and says by how many.
 */
export function summary(evaluation: Evaluation, options: SummaryOptions = {}): string {
  const mask = remembered(options.mask);
  const all = subjects(evaluation.findings);
  const packages = upgrades(all);
  const render = (rows: number): string => write(evaluation, { ...options, mask, subjects: all, upgrades: packages, rows });
  let rows = all.length;
  let text = render(rows);
  // The length grows with the rows: each step takes the share that fits, and a little less, so that it ends.
  for (let size = Buffer.byteLength(text); size > MAX_SUMMARY_BYTES && rows > 0; size = Buffer.byteLength(text)) {
    rows = Math.floor(rows * (MAX_SUMMARY_BYTES / size) * 0.99);
    text = render(rows);
  }
  return text;
}

function write(evaluation: Evaluation, page: SummaryPage): string {
  const open = page.subjects.filter(({ finding }) => finding.suppressed === undefined);
  const suppressed = page.subjects.filter(({ finding }) => finding.suppressed !== undefined);
  const cut = Math.max(0, page.subjects.length - page.rows);
  const parts = [
    headline(evaluation, open, page),
    doFirst(open, page),
    worthKnowing(evaluation),
    originTable(open),
    cut > 0 ? `> [!NOTE]\n> ${count(page.rows, 'finding')} of ${thousands(page.subjects.length)} fit here, the gravest first; ${thousands(cut)} are left out. \`evaluation.json\` has all of them.` : '',
    ...findingTables(open.slice(0, page.rows), open, page.mask),
    packageTable(page),
    newAndGone(open, page),
    suppressedTable(suppressed.slice(0, Math.max(0, page.rows - open.length)), suppressed.length, page.mask),
    fold(`Layers, and what each brought`, layers(evaluation.image.layers, open, page.mask)),
    fold('Plots: gravity by layer, size by layer, age', plots(evaluation, open, page.mask)),
    ...aside(evaluation),
    provenance(evaluation, page.packages),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** What the parts of the summary share. */
export interface SummaryPage extends SummaryOptions {
  readonly mask: Mask;
  /** Gravest first. */
  readonly subjects: readonly Subject[];
  readonly upgrades: readonly Upgrade[];
  /** How many of them tables may show. */
  readonly rows: number;
}
