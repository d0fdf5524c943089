import { SEVERITIES, type DockerfileLines, type EvaluatedLayer, type Evaluation, type Finding } from '../../evaluation/evaluation.js';
import { bytes, instructionOf, type Mask } from '../describe.js';
import { codeCell, mermaidText } from '../markdown.js';
import type { Subject } from '../subjects.js';
import { table } from './html.js';
import { bySeverity } from './head.js';

/** Docker has 127 layers at most; other tools' images may have more rows of history. */
const ROWS = 150;
/** A plot of more bars or slices cannot be read. */
const BARS = 20;

export function layers(all: readonly EvaluatedLayer[], open: readonly Subject[], mask: Mask): string {
  const rows = table(['Layer:', 'Instruction', 'Line', 'Size:', 'What it brought'], all.slice(0, ROWS).map((layer) => {
    const own = layer.emptyLayer ? [] : open.filter(({ finding }) => finding.location?.layer?.index === layer.index);
    const lines = layer.dockerfile ?? own[0]?.finding.location?.dockerfile;
    const rules = own.filter(({ finding }) => finding.vulnerability === undefined).length;
    const brought = [bySeverity(own), rules === 0 ? '' : `${rules} of other rules`].filter((part) => part !== '').join(' · ');
    return [layer.emptyLayer ? '' : String(layer.index), codeCell(instructionOf(layer.instruction, mask)) || nameless(layer), lines === undefined ? '' : lineOf(lines) + (layer.fromBase === true ? '\u00a0base' : ''), layer.emptyLayer ? '' : bytes(layer.sizeBytes).replace(' ', '\u00a0'), brought];
  }));
  return all.length > ROWS ? `${rows}\n\n… and ${all.length - ROWS} more` : rows;
}

/** Of an imported image history tells no instruction. */
function nameless({ fromBase }: EvaluatedLayer): string {
  return fromBase === true ? 'base image' : 'not told';
}

function lineOf({ startLine, endLine }: DockerfileLines): string {
  return startLine === endLine ? String(startLine) : `${startLine}–${endLine}`;
}

/** Mermaid plots; each only where it shows something. */
export function plots(evaluation: Evaluation, open: readonly Subject[], mask: Mask): string {
  const real = evaluation.image.layers.filter(({ emptyLayer }) => !emptyLayer);
  return [gravityByLayer(real, open), sizeByLayer(real, mask), age(open, evaluation.evaluatedAt)].filter((part) => part !== '').join('\n\n');
}

function gravityByLayer(real: readonly EvaluatedLayer[], open: readonly Subject[]): string {
  const all = real.map(({ index }) => ({ index, own: open.filter(({ finding }) => finding.location?.layer?.index === index) }));
  const kept = new Set([...all].sort((a, b) => b.own.length - a.own.length).slice(0, BARS));
  const shown = all.filter((layer) => kept.has(layer));
  const own = shown.map((layer) => layer.own);
  const most = Math.max(0, ...own.map(({ length }) => length));
  if (most === 0) return '';
  return plot([
    'xychart-beta', '  title "Findings by layer: critical, high, medium, others from the bottom"',
    `  x-axis "layer" [${shown.map(({ index }) => `"${index}"`).join(', ')}]`, `  y-axis "findings" 0 --> ${most}`,
    // Bars are drawn over each other, the tallest first: so each holds what is below it, and they look stacked.
    ...STACK.map((least) => `  bar [${own.map((some) => some.filter(({ finding }) => rank(finding) >= least).length).join(', ')}]`),
    // A bar of nothing still has a foot below the axis, which would look like the gravest: a line of its own covers the feet.
    `  bar [${own.map(() => 0).join(', ')}]`,
  ], STACK_COLORS);
}

function sizeByLayer(real: readonly EvaluatedLayer[], mask: Mask): string {
  const sized = real.filter(({ sizeBytes }) => sizeBytes > 0).sort((a, b) => b.sizeBytes - a.sizeBytes);
  if (sized.length < 2) return '';
  const rest = sized.slice(BARS / 2).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const slices = sized.slice(0, BARS / 2).map((layer) => `  "${layer.index} ${mermaidText(instructionOf(layer.instruction, mask, 40) || nameless(layer))}" : ${megabytes(layer.sizeBytes)}`);
  const themeVariables = { ...Object.fromEntries(SLICES.map((color, index) => [`pie${index + 1}`, color])), pieOpacity: '1', pieSectionTextColor: '#1f2328', pieStrokeColor: '#57606a', pieOuterStrokeColor: '#57606a' };
  return mermaid(['pie showData', '  title Size by layer, MB', ...slices, ...(rest > 0 ? [`  "others" : ${megabytes(rest)}`] : [])], themeVariables);
}

function megabytes(size: number): string {
  return Math.max(0.01, size / 1e6).toFixed(2);
}

/** How long the vulnerabilities have been public. */
function age(open: readonly Subject[], now: string): string {
  const DAY = 86_400_000;
  const bounds = [[30, 'a month'], [90, '3 months'], [365, 'a year'], [1095, '3 years'], [Infinity, 'longer']] as const;
  const ages = open.flatMap(({ finding: { vulnerability } }) => {
    const days = (Date.parse(now) - Date.parse(vulnerability?.published ?? '')) / DAY;
    return Number.isFinite(days) ? [days] : [];
  });
  if (ages.length === 0) return '';
  const counts = bounds.map(([most], position) => ages.filter((days) => days <= most && days > (bounds[position - 1]?.[0] ?? -Infinity)).length);
  return plot([
    'xychart-beta', '  title "Vulnerabilities by how long they have been public"', `  x-axis [${bounds.map(([most, name]) => `"${most === Infinity ? name : `up to ${name}`}"`).join(', ')}]`,
    `  y-axis "vulnerabilities" 0 --> ${Math.max(...counts)}`, `  bar [${counts.join(', ')}]`,
  ]);
}

/** Gravities of the bars of a stack, the least first: what is not a vulnerability is critical where it stops, else medium. */
const STACK = [0, 3, 4, 5] as const;

function rank({ vulnerability, action }: Finding): number {
  return vulnerability === undefined ? (action === 'stop' ? 5 : action === 'warn' ? 3 : 0) : SEVERITIES.indexOf(vulnerability.severity);
}

/** Readable on light and on dark: grey, orange, red and purple, as the signs of the severities; then the feet. */
const STACK_COLORS = '#8c959f, #e16f24, #cf222e, #8250df, #57606a';
const PLAIN_COLOR = '#8c959f';

/** Slices that dark text can be read on; mermaid's own are nearly black on dark. */
const SLICES = ['#80ccff', '#ffb77c', '#7ce38b', '#d2a8ff', '#fae17d', '#ff9bce', '#a2aebb', '#6cd4d4', '#ffa198', '#b9d87b', '#c4b5a0'];

function plot(lines: readonly string[], colors = PLAIN_COLOR): string {
  return mermaid(lines, { xyChart: { plotColorPalette: colors, backgroundColor: 'transparent' } });
}

function mermaid(lines: readonly string[], themeVariables: object): string {
  const init = `%%{init: ${JSON.stringify({ themeVariables })}}%%`;
  return `\`\`\`mermaid\n${[init, ...lines].join('\n')}\n\`\`\``;
}
