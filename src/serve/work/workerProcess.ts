import { fork, type ChildProcess } from 'node:child_process';
import { Overtaxed, type Job, type Results } from './job.js';
import type { Lock } from './lock.js';
import { errorOf, type FromWorker, type ToWorker, type WorkerSetup } from './protocol.js';

export interface ProcessOptions extends WorkerSetup {
  /** The worker's bundle. */
  readonly file: string;
  /** Megabytes of the heap of one. */
  readonly memory?: number;
  /** Milliseconds of one job. */
  readonly time?: number;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** A job, and whoever waits for its result. */
export interface Waiting {
  readonly job: Job;
  readonly resolve: (result: Results[Job['kind']]) => void;
  readonly reject: (error: Error) => void;
}

/** The report of an image of a million files takes about a gigabyte while it is read (megabytes). */
const MEMORY = 2048;

/** An image of a million files takes half a minute; what takes longer than this was made to (milliseconds). */
const TIME = 120_000;

/** Characters of what a worker wrote before it died. */
const LAST_WORDS = 500;

/** Why jobs end with the server. */
export const STOPPED = 'The server has stopped.';

/** One process, and the jobs that it was given. */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly jobs = new Map<number, Waiting & { readonly timer: NodeJS.Timeout }>();
  private readonly freed: () => void;
  private readonly time: number;
  private why: string | undefined;
  private next = 0;

  constructor({ file, advisories, cacheDir, log, memory = MEMORY, time = TIME }: ProcessOptions, lock: Lock, freed: () => void, ended: (why: string) => void) {
    this.freed = freed;
    this.time = time;
    this.child = fork(file, [], { serialization: 'advanced', execArgv: [`--max-old-space-size=${memory}`], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let words = '';
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => { words = (words + text).slice(-8 * LAST_WORDS); });
    // a message that cannot be sent any more: its end tells what is to be told
    this.child.on('error', () => undefined);
    this.child.on('message', (message: FromWorker) => {
      if (message.kind === 'event') log(message.event, message.fields);
      else if (message.kind === 'lock') lock.ask(this);
      else if (message.kind === 'unlock') lock.leave(this);
      else this.settle(message);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        lock.leave(this);
        this.fail(this.why ?? deathOf(code, signal, words, memory));
        ended(this.why ?? `${signal ?? code}: ${words.slice(0, LAST_WORDS)}`);
        resolve();
      });
    });
    this.post({ kind: 'setup', setup: { advisories, cacheDir } });
  }

  get working(): number {
    return this.jobs.size;
  }

  take(waiting: Waiting): void {
    const id = this.next++;
    const timer = setTimeout(() => { void this.end(`A report took longer than the ${this.time / 1000} seconds that reading and evaluating one may take. Leave analyzers out.`); }, this.time);
    this.jobs.set(id, { ...waiting, timer });
    this.post({ kind: 'job', id, job: waiting.job });
  }

  grant(): void {
    this.post({ kind: 'granted' });
  }

  async end(why: string): Promise<void> {
    this.why ??= why;
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private post(message: ToWorker): void {
    if (this.child.connected) this.child.send(message);
  }

  private fail(why: string): void {
    const isCertain = this.jobs.size === 1 && why !== STOPPED;
    for (const { reject, timer } of this.jobs.values()) {
      clearTimeout(timer);
      reject(new Overtaxed(why, isCertain));
    }
    this.jobs.clear();
  }

  private settle(message: Extract<FromWorker, { id: number }>): void {
    const job = this.jobs.get(message.id);
    if (job === undefined) return;
    this.jobs.delete(message.id);
    clearTimeout(job.timer);
    if (message.kind === 'done') job.resolve(message.result);
    else job.reject(errorOf(message.failure));
    this.freed();
  }
}

/** V8 ends a process whose heap is full by SIGABRT, and the kernel one that has too much by SIGKILL. */
function deathOf(code: number | null, signal: string | null, words: string, memory: number): string {
  const isFull = /heap out of memory|heap limit/.test(words) || signal === 'SIGKILL';
  if (isFull) return `A report needs more memory than the ${memory} MB that reading one may take. Leave analyzers out.`;
  return `The process that read a report ended (${signal ?? code}). The server's log says why.`;
}
