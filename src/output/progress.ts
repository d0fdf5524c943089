import type cliProgress from 'cli-progress';
import type { OnProgress, Progress } from '../lanes/progress.js';
import { bytes } from './describe.js';

/** What progress is written to: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

/** A plain line no more often than this, in bytes: a log is read afterwards. */
const BYTES_PER_LINE = 250_000_000;

/** A bar on a terminal that can draw one, else a line for each layer and for each quarter of a gigabyte. */
export function progressReporter(stream: NodeJS.WriteStream | ProgressStream, env: NodeJS.ProcessEnv, now: () => number = Date.now): OnProgress {
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb' && env['CI'] === undefined;
  return isTerminal ? bar(stream as NodeJS.WriteStream, now) : lines(stream, now);
}

function bar(stream: NodeJS.WriteStream, now: () => number): OnProgress {
  let module: typeof cliProgress | undefined;
  let drawn: cliProgress.SingleBar | undefined;
  const start = now();
  // only a terminal needs it; what happens before it is there is drawn with what happens next
  void import('cli-progress').then((loaded) => { module = loaded.default; });
  return (progress) => {
    if (module === undefined) return;
    const total = progress.totalBytes ?? Math.max(progress.bytes, 1);
    if (drawn === undefined) {
      drawn = new module.SingleBar({ stream, format: ' {bar} {percentage} % | {layer} | {done} | {speed}', hideCursor: true, clearOnComplete: true, stopOnComplete: true, linewrap: false, fps: 10 }, module.Presets.shades_classic);
      drawn.start(total, 0, payload(progress, 0));
    }
    drawn.setTotal(total);
    drawn.update(progress.bytes, payload(progress, now() - start));
    // What comes out of a pipe is at its end only when somebody says so.
    if (progress.totalBytes !== undefined && progress.bytes >= progress.totalBytes) drawn.stop();
  };
}

function payload(progress: Progress, milliseconds: number): { layer: string; done: string; speed: string } {
  return { layer: layerOf(progress), done: doneOf(progress), speed: speedOf(progress.bytes, milliseconds) };
}

function lines(stream: ProgressStream | NodeJS.WriteStream, now: () => number): OnProgress {
  const start = now();
  let layer = -1;
  let told = 0;
  return (progress) => {
    const isEnd = progress.totalBytes !== undefined && progress.bytes >= progress.totalBytes && told < progress.totalBytes;
    if (progress.layer === layer && progress.bytes - told < BYTES_PER_LINE && !isEnd) return;
    layer = progress.layer;
    told = progress.bytes;
    stream.write(`${layerOf(progress)}, ${doneOf(progress)}, ${speedOf(progress.bytes, now() - start)}\n`);
  };
}

function layerOf({ layer, layers }: Progress): string {
  return `layer ${layer + 1}${layers === undefined ? '' : ` of ${layers}`}`;
}

function doneOf({ bytes: done, totalBytes }: Progress): string {
  return `${bytes(done)}${totalBytes === undefined ? '' : ` of ${bytes(totalBytes)}`}`;
}

function speedOf(done: number, milliseconds: number): string {
  return milliseconds < 100 ? '– MB/s' : `${bytes((done * 1000) / milliseconds)}/s`;
}
