import type { HistoryRow } from '../image/config.js';
import { align } from './align.js';
import { parseHistory } from './history.js';
import type { Dockerfile } from './instruction.js';
import type { Alignment, Origin } from './origin.js';
import { parseDockerfile } from './parse.js';
import { BRINGS_FILES } from './recorded.js';

export interface AlignedDockerfile {
  readonly dockerfile: Dockerfile;
  readonly alignment: Alignment;
}

/** A Dockerfile of more stages is generated; then the last one is taken for the target. */
const MAX_TARGETS = 40;

/**
 * Reads the Dockerfile of an image and aligns it with the image's history: build arguments are taken from history,
 * and where no target is given and the last stage does not fit, the stage that history fits is taken for it.
 * @param layers how many layers the image has.
 * @throws InputError as parseDockerfile does.
 */
export function readAligned(text: string, history: readonly HistoryRow[], layers: number, target?: string): AlignedDockerfile {
  const buildArgs = knownBuildArgs(history);
  const attempt = (stage: string | undefined): AlignedDockerfile => {
    const dockerfile = parseDockerfile(text, { target: stage, buildArgs });
    return { dockerfile, alignment: align(dockerfile, history, layers) };
  };
  const last = attempt(target);
  const { stages } = last.dockerfile;
  if (target !== undefined || last.alignment.agreement === 'whole' || stages.length === 1 || stages.length > MAX_TARGETS) return last;
  // a stage of two lines is half found in many an image: of one that nobody named all has to be there, and no less than of the last one
  const others = stages.slice(0, -1).map(({ index }) => attempt(String(index))).filter((other) => isBorneOut(other) && found(other) >= found(last));
  const most = Math.max(...others.map(found));
  const [best, ...equals] = others.filter((other) => found(other) === most);
  // two stages that say the same: which one was built, nobody can tell
  return best === undefined || equals.some((other) => linesOf(other) !== linesOf(best)) ? last : best;
}

/** So many instructions without files are as good as one with files. */
const ENOUGH_SETTINGS = 4;

/** Whether a Dockerfile that nobody named may be taken for the image's: history ends in all of its instructions, and they are more than a CMD. */
export function isBorneOut({ alignment }: AlignedDockerfile): boolean {
  const keywords = alignment.origins.flatMap(keywordsOf);
  return alignment.agreement === 'whole' && (keywords.some((keyword) => BRINGS_FILES.has(keyword)) || keywords.length >= ENOUGH_SETTINGS);
}

function found({ alignment }: AlignedDockerfile): number {
  return alignment.origins.flatMap(keywordsOf).length;
}

function linesOf({ alignment }: AlignedDockerfile): string {
  return alignment.origins.map((origin) => (origin.kind === 'instructions' ? origin.instructions.map(({ startLine }) => startLine).join('+') : origin.kind)).join();
}

function keywordsOf(origin: Origin): readonly string[] {
  return origin.kind === 'instructions' ? origin.instructions.map(({ keyword }) => keyword) : [];
}

/** `NAME=value` that RUN rows tell, by name. */
function knownBuildArgs(history: readonly HistoryRow[]): Readonly<Record<string, string>> {
  const told = history.flatMap(({ createdBy, comment }) => parseHistory(createdBy, comment).buildArgs);
  return Object.fromEntries(told.map((argument) => [argument.slice(0, argument.indexOf('=')), argument.slice(argument.indexOf('=') + 1)]));
}
