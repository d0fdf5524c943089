// Feeds the parsers of binary formats with real files that were changed at random, the same for the same seed:
//   node scripts/fuzz.js [TARGET…] [--runs 10000] [--seed 1]
// A finding is a throw, a run of more than a second (of the processor), or memory over the bound. Exit status 1 when there is one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { bundleModules, root } from './bundler.js';

const HANG_SECONDS = 1;
/** Resident memory beyond what the process has before it starts: the samples, the largest with its copies, and garbage not yet collected. */
const MOST_MEMORY = 300 * 1024 * 1024;
const LOOK_EVERY_MS = 100;
/** The nursery is as small as a lane's (src/lanes/laneClient.ts): else half of what is measured is garbage that nobody had to collect. */
const HEAP = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
process.chdir(root);
try {
  await bundleModules({ worker: 'scripts/fuzz/worker.ts', targets: 'scripts/fuzz/targets.ts' }, folder);
  const { TARGETS } = await import(pathToFileURL(join(folder, 'targets.js')).href);
  const known = TARGETS.map(({ name }) => name);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no target ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  let findings = 0;
  for (const name of positionals.length > 0 ? positionals : known) findings += await fuzz(name);
  process.exitCode = findings > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a target in a thread of its own, and looks after it. */
function fuzz(name) {
  const runs = Number(values.runs);
  const seed = Number(values.seed);
  const before = process.memoryUsage.rss();
  const worker = new Worker(join(folder, 'worker.js'), { workerData: { name, runs, seed }, resourceLimits: HEAP });
  return new Promise((resolve) => {
    let findings = 0;
    let current = 0;
    // counts from the first run: a thread may take long to load
    let since = Infinity;
    let most = 0;
    let mostRun = 0;
    const report = (what, run = current) => {
      findings++;
      console.log(`${name}: run ${run} with --seed ${seed}: ${what}`);
    };
    const watch = setInterval(() => {
      const more = process.memoryUsage.rss() - before;
      if (more > most) [most, mostRun] = [more, current];
      if (Date.now() - since > HANG_SECONDS * 1000 * 10) {
        report(`no end after ${HANG_SECONDS * 10} s`);
        clearInterval(watch);
        void worker.terminate();
      }
    }, LOOK_EVERY_MS);
    worker.on('message', ({ run, failed, stack, done, slowest, slowestRun }) => {
      if (run !== undefined) [current, since] = [run, Date.now()];
      if (failed !== undefined) report(stack);
      if (!done) return;
      if (slowest > HANG_SECONDS * 1000) report(`the slowest run took ${(slowest / 1000).toFixed(1)} s`, slowestRun);
      if (most > MOST_MEMORY) report(`${Math.round(most / 1e6)} MB at about this run`, mostRun);
      console.log(`${name}: ${runs} runs, ${findings} findings, slowest ${slowest.toFixed(0)} ms, at most ${Math.round(most / 1e6)} MB more`);
    });
    worker.on('error', (error) => report(error.stack));
    worker.on('exit', () => {
      clearInterval(watch);
      resolve(findings);
    });
  });
}
