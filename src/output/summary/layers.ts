import type { EvaluatedLayer, Evaluation } from '../../evaluation/evaluation.js';
import { bytes, instructionOf, type Mask } from '../describe.js';
import { codeSpan, mermaidText } from '../markdown.js';
import type { Subject } from '../subjects.js';
import { table } from './html.js';
import { bySeverity } from './head.js';

/** Docker has 127 layers at most; other tools' images may have more rows of history. */
const ROWS = 150;
/** A plot of more bars or slices cannot be read. */
const BARS = 20;

export function layers(all: readonly EvaluatedLayer[], open: readonly Subject[], mask: Mask): string {
  return table(['Layer:', 'Instruction', 'Line', 'Size:', 'What it brought'], all.slice(0, ROWS).map((layer) => {
    const own = layer.emptyLayer ? [] : open.filter(({ finding }) => finding.location?.layer?.index === layer.index);
    const lines = own[0]?.finding.location?.dockerfile;
    const rules = own.filter(({ finding }) => finding.vulnerability === undefined).length;
    const brought = [bySeverity(own), rules === 0 ? '' : `${rules} of other rules`].filter((part) => part !== '').join(' · ');
    return [layer.emptyLayer ? '' : String(layer.index), codeSpan(instructionOf(layer.instruction, mask)), lines === undefined ? '' : String(lines.startLine), layer.emptyLayer ? '' : bytes(layer.sizeBytes), brought];
  }));
}

/** Mermaid plots; each only where it shows something. */
export function plots(evaluation: Evaluation, open: readonly Subject[], mask: Mask): string {
  const real = evaluation.image.layers.filter(({ emptyLayer }) => !emptyLayer);
  return [gravityByLayer(real, open), sizeByLayer(real, mask), age(open, evaluation.evaluatedAt)].filter((part) => part !== '').join('\n\n');
}

function gravityByLayer(real: readonly EvaluatedLayer[], open: readonly Subject[]): string {
  const grave = real.slice(0, BARS).map(({ index }) => [index, open.filter(({ finding }) => finding.location?.layer?.index === index && finding.action !== 'go').length, open.filter(({ finding }) => finding.location?.layer?.index === index).length] as const);
  const most = Math.max(0, ...grave.map(([, , all]) => all));
  if (most === 0) return '';
  return mermaid([
    'xychart-beta', '  title "Findings by layer: all, and those that stop or warn"',
    `  x-axis "layer" [${grave.map(([index]) => `"${index}"`).join(', ')}]`, `  y-axis "findings" 0 --> ${most}`,
    `  bar [${grave.map(([, , all]) => all).join(', ')}]`, `  bar [${grave.map(([, stops]) => stops).join(', ')}]`,
  ]);
}

function sizeByLayer(real: readonly EvaluatedLayer[], mask: Mask): string {
  const sized = real.filter(({ sizeBytes }) => sizeBytes > 0).sort((a, b) => b.sizeBytes - a.sizeBytes);
  if (sized.length < 2) return '';
  const rest = sized.slice(BARS / 2).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const slices = sized.slice(0, BARS / 2).map(({ index, sizeBytes, instruction }) => `  "${index} ${mermaidText(instructionOf(instruction, mask, 40))}" : ${megabytes(sizeBytes)}`);
  return mermaid(['pie showData', '  title Size by layer, MB', ...slices, ...(rest > 0 ? [`  "others" : ${megabytes(rest)}`] : [])]);
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
  return mermaid([
    'xychart-beta', '  title "Vulnerabilities by how long they have been public"', `  x-axis [${bounds.map(([most, name]) => `"${most === Infinity ? name : `up to ${name}`}"`).join(', ')}]`,
    `  y-axis "vulnerabilities" 0 --> ${Math.max(...counts)}`, `  bar [${counts.join(', ')}]`,
  ]);
}

/** Grey for all, red for what decides; readable on light and on dark. */
const COLORS = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#8c959f, #cf222e"}}}}%%';

function mermaid(lines: readonly string[]): string {
  return `\`\`\`mermaid\n${[COLORS, ...lines].join('\n')}\n\`\`\``;
}
