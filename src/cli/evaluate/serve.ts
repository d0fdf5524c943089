import type { MessagePort } from 'node:worker_threads';
import { BackendError, InputError, ScanError } from '../../errors.js';
import { threadHost } from '../host.js';
import { evaluateJob, type Job, type Outcome } from './job.js';
import { prepare, type EvaluateRequest } from './request.js';

/** A thread's answer to a job; `stopped` is an error that the next report would have, too. */
export type Answer = Outcome | { readonly kind: 'stopped'; readonly isInput: boolean; readonly message: string };

/** What both sides of a thread use of its port. */
export type JobPort = Pick<MessagePort, 'on' | 'postMessage'>;

/** Evaluates the reports that a port names, one after the other; answers come in the same order. One report is held at a time. */
export function serveJobs(port: JobPort, request: EvaluateRequest): void {
  const prepared = prepare(request, threadHost(request.env, request.quiet));
  // an error of it is the answer to every job
  let last: Promise<void> = prepared.then(() => undefined, () => undefined);
  port.on('message', (job: Job) => {
    last = last.then(async () => port.postMessage(await answerTo(async () => evaluateJob(job, await prepared))));
  });
  port.on('close', () => {
    void last.then(() => prepared).then(({ evaluator }) => evaluator.close(), () => undefined);
  });
}

/** Bugs are not caught: they end the thread, and its owner hears of it. */
async function answerTo(evaluate: () => Promise<Outcome>): Promise<Answer> {
  try {
    return await evaluate();
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    return { kind: 'stopped', isInput: error instanceof InputError, message: error.message };
  }
}

/** The error that a thread's answer stands for. */
export function errorOf({ isInput, message }: Extract<Answer, { kind: 'stopped' }>): ScanError {
  return isInput ? new InputError(message) : new BackendError(message);
}
