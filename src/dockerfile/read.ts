import type { HistoryRow } from '../image/config.js';
import { align, MATCHES_FROM, type Alignment } from './align.js';
import { parseHistory } from './history.js';
import type { Dockerfile } from './instruction.js';
import { parseDockerfile } from './parse.js';

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
  if (target !== undefined || last.alignment.confidence >= MATCHES_FROM || stages.length === 1 || stages.length > MAX_TARGETS) return last;
  // A stage of two lines is half found in many an image: of one that nobody named all has to be there.
  const others = stages.slice(0, -1).map(({ index }) => attempt(String(index))).filter(({ alignment }) => alignment.confidence >= MATCHES_FROM);
  return others.reduce((best, other) => (other.alignment.confidence > best.alignment.confidence ? other : best), last);
}

/** `NAME=value` that RUN rows tell, by name. */
function knownBuildArgs(history: readonly HistoryRow[]): Readonly<Record<string, string>> {
  const told = history.flatMap(({ createdBy, comment }) => parseHistory(createdBy, comment).buildArgs);
  return Object.fromEntries(told.map((argument) => [argument.slice(0, argument.indexOf('=')), argument.slice(argument.indexOf('=') + 1)]));
}
