import type { OnProgress, Progress } from '../lanes/progress.js';
import { fit } from './columns.js';
import { bytes } from './describe.js';

/** What progress is written to: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

/** Progress as people see it. */
export interface ProgressDisplay {
  readonly report: OnProgress;
  /** Takes away what is drawn: before anything else is written, and at the end. */
  readonly clear: () => void;
}

/** A plain line no more often than this, in bytes: a log is read afterwards. */
const BYTES_PER_LINE = 250_000_000;
/** Milliseconds between two drawings: more often nobody sees. */
const PAUSE = 100;
/** Below these nothing is known of the speed yet: milliseconds, bytes. */
const SPEED_FROM = { milliseconds: 500, bytes: 1_000_000 };
/** Columns of the bar, at most and at least; and of a terminal that does not say how many it has. */
const BAR = { most: 30, least: 5 };
const WIDTH = 80;

/** One line that is drawn again and again on a terminal that can, else a line for each layer and for each quarter of a gigabyte. */
export function progressDisplay(stream: ProgressStream, env: NodeJS.ProcessEnv, now: () => number = Date.now): ProgressDisplay {
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb' && env['CI'] === undefined;
  return isTerminal ? drawn(stream, now) : { report: lines(stream, now), clear: () => undefined };
}

/**
 * Nothing of the terminal is changed for it and no timer waits: whatever ends the scan, the terminal stays as it was.
 * So the cursor stands at the line's beginning, and what is written next begins there.
 */
function drawn(stream: ProgressStream, now: () => number): ProgressDisplay {
  const start = now();
  let last = -PAUSE;
  let isDrawn = false;
  const clear = (): void => {
    if (isDrawn) stream.write('\r\u001b[K');
    isDrawn = false;
  };
  const report = (progress: Progress): void => {
    const time = now() - start;
    if (progress.totalBytes !== undefined && progress.bytes >= progress.totalBytes) return clear();
    if (time - last < PAUSE) return;
    last = time;
    isDrawn = true;
    // one column less than there are: some terminals break the line after the last one
    stream.write(`\r${barLine(progress, time, (stream.columns || WIDTH) - 1)}\u001b[K\r`);
  };
  return { report, clear };
}

function barLine(progress: Progress, time: number, width: number): string {
  const text = said(progress, time);
  const { bytes: done, totalBytes } = progress;
  if (totalBytes === undefined) return fit(text, width);
  const part = done / totalBytes;
  const percent = `${String(Math.floor(part * 100)).padStart(3)} %`;
  const room = Math.min(BAR.most, width - percent.length - text.length - 2);
  const filled = Math.round(part * room);
  const bar = room < BAR.least ? [] : ['█'.repeat(filled) + '░'.repeat(room - filled)];
  return fit([...bar, percent, text].join(' '), width);
}

function lines(stream: ProgressStream, now: () => number): OnProgress {
  const start = now();
  let layer = -1;
  let told = 0;
  return (progress) => {
    const isEnd = progress.totalBytes !== undefined && progress.bytes >= progress.totalBytes && told < progress.totalBytes;
    if (progress.layer === layer && progress.bytes - told < BYTES_PER_LINE && !isEnd) return;
    layer = progress.layer;
    told = progress.bytes;
    stream.write(`${said(progress, now() - start)}\n`);
  };
}

/** `layer 2 of 5, 309.4 MB of 320.6 MB, 14.5 MB/s`. */
function said({ layer, layers, bytes: done, totalBytes }: Progress, milliseconds: number): string {
  const isKnown = milliseconds >= SPEED_FROM.milliseconds && done >= SPEED_FROM.bytes;
  return [
    `layer ${layer + 1}${layers === undefined ? '' : ` of ${layers}`}`,
    `${bytes(done)}${totalBytes === undefined ? '' : ` of ${bytes(totalBytes)}`}`,
    ...(isKnown ? [`${bytes((done * 1000) / milliseconds)}/s`] : []),
  ].join(', ');
}
