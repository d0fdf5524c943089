import type { Host } from '../host.js';
import { progressDisplay, type ProgressDisplay } from '../output/progress.js';
import { interruptible } from './interrupt.js';

const SILENT: ProgressDisplay = { report: () => undefined, clear: () => undefined };

/**
 * Lets work be done on a laptop: progress goes to standard error, as one line on a terminal, as plain lines elsewhere. When the work is done,
 * failed or interrupted, nothing of it is left on the terminal.
 */
export async function atTerminal<Result>(env: NodeJS.ProcessEnv, quiet: boolean, work: (host: Host) => Promise<Result>): Promise<Result> {
  const display = quiet ? SILENT : progressDisplay(process.stderr, env);
  return interruptible(async (signal) => {
    try {
      return await work(hostOf(env, quiet, display, signal));
    } finally {
      display.clear();
    }
  });
}

/** A thread's host: the terminal is another's. */
export function threadHost(env: NodeJS.ProcessEnv, quiet: boolean): Host {
  return hostOf(env, quiet, SILENT);
}

function hostOf(env: NodeJS.ProcessEnv, quiet: boolean, display: ProgressDisplay, signal?: AbortSignal): Host {
  return {
    env, platform: process.platform, workspace: process.cwd(), now: () => new Date(), signal,
    say: (line) => {
      if (quiet) return;
      display.clear();
      process.stderr.write(`${line}\n`);
    },
    progress: display.report,
  };
}
