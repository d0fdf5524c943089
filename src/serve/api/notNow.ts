import { BackendError, InputError } from '../../errors.js';
import { Overtaxed } from '../work/job.js';
import { Fault } from './fault.js';

/** What an evaluation that could not be had is to whoever asked for it: never a pass, and a sentence that says why. Bugs stay what they are. */
export function notNow(error: unknown, what: string): unknown {
  if (error instanceof BackendError || error instanceof Overtaxed) return new Fault(503, `${what} cannot be had now: ${error.message}`, { 'retry-after': '30' });
  return error instanceof InputError ? new Fault(409, `${what} cannot be had: ${error.message}`) : error;
}
