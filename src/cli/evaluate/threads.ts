import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { keepNurserySmall } from '../../nursery.js';
import type { Job, Outcome } from './job.js';
import type { EvaluateRequest } from './request.js';
import { errorOf, serveJobs, type Answer } from './serve.js';

/** The worker's bundle, seen from the entry's, or from a chunk that entries share. */
const WORKER_FILES = ['./evaluateWorker.js', '../evaluateWorker.js'];

/** MB: what is made of a report is short-lived. Larger ones cost memory and save no time. */
const YOUNG_MB = 8;

/** Reports that each thread may be ahead of the one that is printed next: a slow one keeps none waiting, and what waits for it stays little. */
const AHEAD = 8;

/** Evaluates reports in threads. Outcomes come in the order of the jobs. */
export async function* evaluateInThreads(jobs: readonly Job[], count: number, request: EvaluateRequest): AsyncGenerator<Outcome> {
  keepNurserySmall();
  const threads = Array.from({ length: count }, () => new Thread(request));
  const coming: Promise<Outcome>[] = [];
  let asked = 0;
  try {
    for (let told = 0; told < jobs.length; told += 1) {
      for (const job of jobs.slice(asked, told + AHEAD * count)) {
        coming.push(leastBusy(threads).evaluate(job));
        asked += 1;
      }
      const next = await coming.shift();
      if (next !== undefined) yield next;
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

function leastBusy(threads: readonly Thread[]): Thread {
  return threads.reduce((least, thread) => (thread.jobs < least.jobs ? thread : least));
}

/** A worker thread; where the bundle is not (tests), the same protocol on this one. */
class Thread {
  private readonly expected: { resolve(outcome: Outcome): void; reject(error: Error): void }[] = [];
  private readonly post: (job: Job) => void;
  private ended: Error | undefined;
  readonly close: () => Promise<unknown>;

  constructor(request: EvaluateRequest) {
    const file = WORKER_FILES.map((name) => fileURLToPath(new URL(name, import.meta.url))).find((name) => existsSync(name));
    if (file !== undefined) {
      const worker = new Worker(file, { workerData: request, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
      worker.on('message', (answer: Answer) => this.hear(answer));
      worker.on('error', (error) => this.end(error));
      worker.on('exit', (status) => this.end(new Error(`A thread that evaluates reports ended with status ${status}`)));
      this.post = (job) => worker.postMessage(job);
      this.close = () => worker.terminate();
    } else {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (answer: Answer) => this.hear(answer));
      serveJobs(port2, request);
      this.post = (job) => port1.postMessage(job);
      this.close = async () => port1.close();
    }
  }

  /** Jobs that are not yet done. */
  get jobs(): number {
    return this.expected.length;
  }

  evaluate(job: Job): Promise<Outcome> {
    const outcome = new Promise<Outcome>((resolve, reject) => {
      if (this.ended === undefined) this.expected.push({ resolve, reject });
      else reject(this.ended);
    });
    // whoever waits for an earlier one hears of this later
    outcome.catch(() => undefined);
    this.post(job);
    return outcome;
  }

  private hear(answer: Answer): void {
    const job = this.expected.shift();
    if (answer.kind === 'stopped') job?.reject(errorOf(answer));
    else job?.resolve(answer);
  }

  /** A bug, or the thread died: nothing more can be expected. */
  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.expected.splice(0)) reject(this.ended);
  }
}
