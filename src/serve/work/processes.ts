import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Overtaxed, type Job, type ResultOf, type Results, type Workers } from './job.js';
import { errorOf, type FromWorker, type ToWorker, type WorkerSetup } from './protocol.js';

/** The worker's bundle, seen from the entry's, or from a chunk that entries share. */
const WORKER_FILES = ['./serveWorker.js', '../serveWorker.js'];

/** Where the worker's bundle is; undefined where there is none (tests from source). */
export function workerFile(): string | undefined {
  return WORKER_FILES.map((name) => fileURLToPath(new URL(name, import.meta.url))).find((name) => existsSync(name));
}

export interface ProcessesOptions extends WorkerSetup {
  readonly file: string;
  /** As many as there are processors, where it is not given. */
  readonly most?: number;
  /** Jobs that one works on at once: more than one where jobs wait for a network. */
  readonly jobsOfOne: number;
  /** Megabytes of the heap of one. */
  readonly memory?: number;
  /** Milliseconds of one job. */
  readonly time?: number;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** More help nobody who has one database. */
const MOST = 8;

/** The report of an image of a million files takes about a gigabyte while it is read (megabytes). */
const MEMORY = 2048;

/** An image of a million files takes half a minute; what takes longer than this was made to (milliseconds). */
const TIME = 120_000;

/** Characters of what a worker wrote before it died. */
const LAST_WORDS = 500;

interface Waiting {
  readonly job: Job;
  readonly resolve: (result: Results[Job['kind']]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Processes that do jobs. Not threads: V8 ends the whole process when one of its heaps is full, and a report may be made to fill one.
 * One that dies of a job takes that job along, and is replaced. Jobs wait in the order in which they came; how many can wait is bounded by the
 * requests that are worked on at once.
 */
export class Processes implements Workers {
  readonly most: number;
  private readonly options: ProcessesOptions;
  private readonly running = new Set<Worker>();
  private readonly waiting: Waiting[] = [];
  private readonly lock = new Lock();
  private isClosed = false;

  constructor(options: ProcessesOptions) {
    this.options = options;
    this.most = Math.min(MOST, options.most ?? availableParallelism());
  }

  get load(): Workers['load'] {
    return { waiting: this.waiting.length, working: [...this.running].reduce((sum, worker) => sum + worker.working, 0) };
  }

  run<Asked extends Job>(job: Asked): Promise<ResultOf<Asked>> {
    return new Promise<Results[Job['kind']]>((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      this.deal();
    }) as Promise<ResultOf<Asked>>;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Overtaxed(STOPPED, false));
    await Promise.all([...this.running].map((worker) => worker.end(STOPPED)));
  }

  private deal(): void {
    while (this.waiting.length > 0 && !this.isClosed) {
      const worker = this.idle();
      if (worker === undefined) return;
      const next = this.waiting.shift();
      if (next !== undefined) worker.take(next);
    }
  }

  /** The worker with the least to do, or a new one. */
  private idle(): Worker | undefined {
    const [least] = [...this.running].sort((a, b) => a.working - b.working);
    if (least?.working === 0) return least;
    if (this.running.size < this.most) return this.start();
    return least !== undefined && least.working < this.options.jobsOfOne ? least : undefined;
  }

  private start(): Worker {
    const worker = new Worker(this.options, this.lock, () => this.deal(), (why) => {
      this.running.delete(worker);
      if (!this.isClosed) this.options.log('worker ended', { why });
      this.deal();
    });
    this.running.add(worker);
    return worker;
  }
}

const STOPPED = 'The server has stopped.';

/** Whose turn it is to do what only one may do at a time. */
class Lock {
  private readonly queue: Worker[] = [];

  ask(worker: Worker): void {
    this.queue.push(worker);
    if (this.queue.length === 1) worker.grant();
  }

  /** Also of one that has died. */
  leave(worker: Worker): void {
    const held = this.queue[0] === worker;
    const at = this.queue.indexOf(worker);
    if (at !== -1) this.queue.splice(at, 1);
    if (held) this.queue[0]?.grant();
  }
}

class Worker {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly jobs = new Map<number, Waiting & { readonly timer: NodeJS.Timeout }>();
  private readonly freed: () => void;
  private readonly time: number;
  private why: string | undefined;
  private next = 0;

  constructor({ file, advisories, cacheDir, log, memory = MEMORY, time = TIME }: ProcessesOptions, lock: Lock, freed: () => void, ended: (why: string) => void) {
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
