import { parentPort, workerData } from 'node:worker_threads';
import { mutated, seeded } from './mutate.js';
import { TARGETS } from './targets.js';

/** Runs one target; says before each run which it is, so that the command knows where it hung, and afterwards how it went. */
const { name, runs, seed } = workerData as { name: string; runs: number; seed: number };
const target = TARGETS.find((one) => one.name === name);
if (target === undefined || parentPort === null) throw new Error(`There is no target ${name}.`);

const samples = target.samples();
/** Milliseconds of this thread's own work where node counts it (23.9 and later): other programs' work is no hang. */
const clock = 'threadCpuUsage' in process
  ? (): number => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; }
  : (): number => performance.now();
let slowest = 0;
let slowestRun = 0;
for (let run = 0; run < runs; run++) {
  const sample = samples[run % samples.length];
  if (sample === undefined) throw new Error(`${name} has no samples`);
  const bytes = mutated(sample, seeded(seed * 1_000_003 + run));
  parentPort.postMessage({ run });
  const start = clock();
  try {
    await target.parse(bytes);
  } catch (error) {
    parentPort.postMessage({ failed: run, stack: error instanceof Error ? error.stack : String(error) });
  }
  const took = clock() - start;
  if (took > slowest) [slowest, slowestRun] = [took, run];
}
parentPort.postMessage({ done: true, slowest, slowestRun });
