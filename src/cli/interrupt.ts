/** Milliseconds that work has to leave nothing half written; then the process ends as it is. */
const PATIENCE = 3000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
type Signal = (typeof SIGNALS)[number];

/**
 * Lets work be interrupted by Ctrl-C, or by whoever ends the process. The work is told, and the process then dies of the same signal, as one without a
 * handler does (128 + its number in a shell: 130 for Ctrl-C), so that a shell's loop ends too. A second one ends it at once.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  let heard: Signal | undefined;
  const hear = (signal: Signal): void => {
    if (heard !== undefined) return die(heard);
    heard = signal;
    controller.abort(new Error(`Ended by ${signal}`));
    setTimeout(() => { die(signal); }, PATIENCE).unref();
  };
  for (const signal of SIGNALS) process.on(signal, hear);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, hear);
    if (heard !== undefined) await death(heard);
  }
}

function die(signal: Signal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Nothing that comes after the work is done any more. */
async function death(signal: Signal): Promise<never> {
  die(signal);
  return new Promise(() => { setTimeout(() => { process.exit(1); }, PATIENCE); });
}
