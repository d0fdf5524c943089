import { BackendError, InputError } from '../../errors.js';
import { Fault } from '../api/fault.js';
import type { Job, Results } from './job.js';

/** To a worker: what it is (once, first), a job, or that it may go on alone. */
export type ToWorker =
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  | { readonly kind: 'job'; readonly id: number; readonly job: Job }
  | { readonly kind: 'granted' };

export interface WorkerSetup {
  /** As `--advisories`; null where there are none. */
  readonly advisories: string | null;
  readonly cacheDir: string;
}

/** From a worker: an answer with the id of its job, an event for the server's log, or that it wants to do (or has done) what only one may do at a time. */
export type FromWorker =
  | { readonly kind: 'done'; readonly id: number; readonly result: Results[Job['kind']] }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'event'; readonly event: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'lock' }
  | { readonly kind: 'unlock' };

/** An error as plain data: its class is lost on the way between processes. */
export interface Failure {
  readonly is: 'fault' | 'backend' | 'input' | 'bug';
  readonly message: string;
  readonly stack: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** For the way to the server's process; `errorOf` makes the error again. */
export function failureOf(error: unknown): Failure {
  const plain = { message: error instanceof Error ? error.message : String(error), stack: error instanceof Error ? error.stack ?? '' : '', status: 0, headers: {} };
  if (error instanceof Fault) return { ...plain, is: 'fault', status: error.status, headers: error.headers };
  if (error instanceof BackendError) return { ...plain, is: 'backend' };
  return { ...plain, is: error instanceof InputError ? 'input' : 'bug' };
}

/** An error of the class that it had; a bug keeps its stack. */
export function errorOf({ is, message, stack, status, headers }: Failure): Error {
  if (is === 'fault') return new Fault(status, message, headers);
  if (is === 'backend') return new BackendError(message);
  if (is === 'input') return new InputError(message);
  const bug = new Error(message);
  bug.stack = stack;
  return bug;
}
