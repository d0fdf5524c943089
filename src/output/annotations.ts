import { error, notice, warning, type AnnotationProperties } from '@actions/core';
import type { Action, DockerfileLines, Evaluation } from '../evaluation/evaluation.js';
import { count, fixOf, shorten, thousands, type Mask } from './describe.js';
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

/** GitHub shows 10 of each level a step, and drops the rest silently. */
export const MAX_OF_LEVEL = 10;
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
  return (['error', 'warning', 'notice'] as const).flatMap((level) => bounded(all.filter((one) => one.level === level)));
}

function bounded(all: readonly Annotation[]): readonly Annotation[] {
  const kept = all.slice(0, MAX_OF_LEVEL);
  const left = all.length - kept.length;
  return kept.map((one, index) => (left > 0 && index === kept.length - 1 ? { ...one, message: `${one.message}\n${count(left, 'line')} more: the job summary has all of them.` } : one));
}

function annotation({ file, startLine, endLine }: DockerfileLines, group: readonly Subject[], { image }: Evaluation, mask: Mask): Annotation {
  const named = group.slice(0, NAMED).map(({ finding }) => {
    const severity = finding.vulnerability === undefined ? '' : ` (${finding.vulnerability.severity})`;
    return shorten(`${title(finding, mask)}${severity}${finding.new === true ? ', new' : ''}. ${fixOf(finding)}`.trim(), 400);
  });
  const more = group.length > NAMED ? [`… and ${thousands(group.length - NAMED)} more.`] : [];
  const [first] = group;
  const base = first?.finding.location?.fromBase === true ? ' from the base image' : '';
  return {
    level: LEVELS[first?.finding.action ?? 'go'],
    title: shorten(`${count(group.length, 'finding')}${base} in ${image.name}`, 120),
    message: [...named, ...more].join('\n'), file, startLine, endLine,
  };
}

const WRITE: Readonly<Record<Annotation['level'], (message: string, properties: AnnotationProperties) => void>> = { error, warning, notice };

/** Writes annotations as a runner reads them. */
export function annotate(evaluation: Evaluation, options: Parameters<typeof annotations>[1] = {}): void {
  for (const { level, message, title: heading, file, startLine, endLine } of annotations(evaluation, options)) WRITE[level](message, { title: heading, file, startLine, endLine });
}
