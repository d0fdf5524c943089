import { error, notice, warning, type AnnotationProperties } from '@actions/core';
import type { Action, DockerfileLines, Evaluation, Finding } from '../evaluation/evaluation.js';
import { count, fixOf, shorten, thousands, type Mask } from './describe.js';
import { plainText } from './markdown.js';
import { remembered } from './mask.js';
import { lockFileLines, type LockFile } from './lockFiles.js';
import { subjects, type Subject } from './subjects.js';
import { title } from './title.js';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** GitHub shows 10 of each level a step, and drops the rest silently: room is left for the verdict, for warnings of the run itself and for notices. */
export const MAX_OF_LEVEL: Readonly<Record<Annotation['level'], number>> = { error: 9, warning: 8, notice: 5 };
/** Findings that one annotation names. */
const NAMED = 5;

const LEVELS: Readonly<Record<Action, Annotation['level']>> = { stop: 'error', warn: 'warning', go: 'notice' };

/**
 * One annotation for each line of the Dockerfile, and of lock files of the workspace, the gravest first; what is suppressed has none.
 * The last of a level says how many lines more there are.
 */
export function annotations(evaluation: Evaluation, options: { readonly mask?: Mask; readonly lockFiles?: readonly LockFile[] } = {}): readonly Annotation[] {
  const mask = remembered(options.mask);
  const pinned = lockFileLines(options.lockFiles ?? []);
  const places = new Map<string, { lines: DockerfileLines; group: Subject[] }>();
  for (const subject of subjects(evaluation.findings)) {
    const { location, suppressed } = subject.finding;
    const lines = pinned(subject.finding) ?? location?.dockerfile;
    if (suppressed !== undefined || lines === undefined) continue;
    const key = `${lines.startLine} ${lines.file}`;
    const place = places.get(key);
    if (place === undefined) places.set(key, { lines, group: [subject] });
    else place.group.push(subject);
  }
  const all = [...places.values()].map(({ lines, group }) => annotation(lines, group, evaluation, mask));
  return (['error', 'warning', 'notice'] as const).flatMap((level) => bounded(all.filter((one) => one.level === level), MAX_OF_LEVEL[level]));
}

function bounded(all: readonly Annotation[], most: number): readonly Annotation[] {
  const kept = all.slice(0, most);
  const left = all.length - kept.length;
  return kept.map((one, index) => (left > 0 && index === kept.length - 1 ? { ...one, message: `${one.message}\n${count(left, 'line')} more: the job summary has all of them.` } : one));
}

function annotation({ file, startLine, endLine }: DockerfileLines, group: readonly Subject[], { image }: Evaluation, mask: Mask): Annotation {
  const told = new Map<string, number>();
  for (const { finding } of group) {
    const text = tell(finding, mask);
    told.set(text, (told.get(text) ?? 0) + 1);
  }
  const named = [...told].slice(0, NAMED);
  const left = group.length - named.reduce((sum, [, times]) => sum + times, 0);
  const more = left > 0 ? [`… and ${thousands(left)} more.`] : [];
  const [first] = group;
  const base = first?.finding.location?.fromBase === true ? ' from the base image' : '';
  return {
    level: LEVELS[first?.finding.action ?? 'go'],
    title: plainText(shorten(`${count(group.length, 'finding')}${base}${news(group)} in ${image.name}`, 120)),
    message: [...named.map(([text, times]) => (times === 1 ? text : `${text} (in ${thousands(times)} places)`)), ...more].join('\n'), file, startLine, endLine,
  };
}

function tell(finding: Finding, mask: Mask): string {
  const severity = finding.vulnerability === undefined ? '' : ` (${finding.vulnerability.severity})`;
  return plainText(shorten(`${title(finding, mask)}${severity}${finding.new === true ? ', new' : ''}. ${fixOf(finding)}`.trim(), 400));
}

/** Against a baseline: how many of them are new. */
function news(group: readonly Subject[]): string {
  if (group.every(({ finding }) => finding.new === undefined)) return '';
  return ` (${thousands(group.filter(({ finding }) => finding.new === true).length)} new)`;
}

const WRITE: Readonly<Record<Annotation['level'], (message: string, properties: AnnotationProperties) => void>> = { error, warning, notice };

/** Writes annotations as a runner reads them. */
export function annotate(evaluation: Evaluation, options: Parameters<typeof annotations>[1] = {}): void {
  for (const { level, message, title: heading, file, startLine, endLine } of annotations(evaluation, options)) WRITE[level](message, { title: heading, file, startLine, endLine });
}
