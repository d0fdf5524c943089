import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Overtaxed, type Job, type ResultOf, type Results, type Workers } from './job.js';
import { Lock } from './lock.js';
import { STOPPED, WorkerProcess, type ProcessOptions, type Waiting } from './workerProcess.js';

/** The worker's bundle, seen from the entry's, or from a chunk that entries share. */
const WORKER_FILES = ['./serveWorker.js', '../serveWorker.js'];

/** Where the worker's bundle is; undefined where there is none (tests from source). */
export function workerFile(): string | undefined {
  return WORKER_FILES.map((name) => fileURLToPath(new URL(name, import.meta.url))).find((name) => existsSync(name));
}

export interface ProcessesOptions extends ProcessOptions {
  /** As many as there are processors, where it is not given. */
  readonly most?: number;
  /** Jobs that one works on at once: more than one where jobs wait for a network. */
  readonly jobsOfOne: number;
}

/** More help nobody who has one database. */
const MOST = 8;

/**
 * Processes that do jobs. Not threads: V8 ends the whole process when one of its heaps is full, and a report may be made to fill one.
 * One that dies of a job takes that job along, and is replaced. Jobs wait in the order in which they came; how many can wait is bounded by the
 * requests that are worked on at once.
 */
export class Processes implements Workers {
  readonly most: number;
  private readonly options: ProcessesOptions;
  private readonly running = new Set<WorkerProcess>();
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
  private idle(): WorkerProcess | undefined {
    const [least] = [...this.running].sort((a, b) => a.working - b.working);
    if (least?.working === 0) return least;
    if (this.running.size < this.most) return this.start();
    return least !== undefined && least.working < this.options.jobsOfOne ? least : undefined;
  }

  private start(): WorkerProcess {
    const worker = new WorkerProcess(this.options, this.lock, () => this.deal(), (why) => {
      this.running.delete(worker);
      if (!this.isClosed) this.options.log('worker ended', { why });
      this.deal();
    });
    this.running.add(worker);
    return worker;
  }
}
