/** The entry of a process that does jobs; the build makes dist/serveWorker.js of it. */
import { openAdvisories, type AdvisorySource } from '../../evaluation/advisories/open.js';
import { LiveAdvisories } from '../advisories.js';
import { Bench } from './bench.js';
import { failureOf, type FromWorker, type ToWorker, type WorkerSetup } from './protocol.js';

const say = (message: FromWorker): void => { process.send?.(message); };

let bench: Bench | undefined;
let granted: (() => void) | undefined;

process.on('message', (message: ToWorker) => {
  if (message.kind === 'granted') granted?.();
  else if (message.kind === 'setup') bench = benchOf(message.setup);
  else {
    const { id, job } = message;
    bench?.run(job)
      .then((result) => say({ kind: 'done', id, result }))
      .catch((error: unknown) => say({ kind: 'failed', id, failure: failureOf(error) }));
  }
});

// the server is gone, however it went
process.on('disconnect', () => { process.exit(0); });
// a terminal sends these to the whole group; the server lets its workers finish, and ends them
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);

function benchOf({ advisories, cacheDir }: WorkerSetup): Bench {
  return new Bench(advisories === null ? null : ownAdvisories(advisories, cacheDir));
}

/** Advisories of this process, opened when they are first asked for. What has to be indexed is indexed by one process, and found by the others. */
function ownAdvisories(spec: string, cacheDir: string): Pick<AdvisorySource, 'match'> {
  let opening: Promise<LiveAdvisories | null> | undefined;
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => say({ kind: 'event', event, fields });
  const open = (): Promise<LiveAdvisories | null> => opening ??= LiveAdvisories.open({
    spec, now: () => new Date(), log,
    open: async () => {
      const source = await openAdvisories(spec, { cacheDir, onProgress: (message) => log('advisories', { message }) });
      return source === null ? null : { spec, match: firstAlone(source), close: () => source.close() };
    },
  });
  return {
    match: async (packages, distro) => {
      const live = await open().catch((error: unknown) => { opening = undefined; throw error; });
      if (live === null) throw new Error('There are no advisories');
      return live.match(packages, distro);
    },
  };
}

/** The first question opens indexes, and makes them where an export is new. */
function firstAlone(source: AdvisorySource): AdvisorySource['match'] {
  let isOpen = false;
  return async (packages, distro) => {
    if (isOpen) return source.match(packages, distro);
    return alone(async () => {
      const answer = await source.match(packages, distro);
      isOpen = true;
      return answer;
    });
  };
}

let queue: Promise<unknown> = Promise.resolve();

/** One step at a time among all workers; the server says whose turn it is. */
function alone<Result>(step: () => Promise<Result>): Promise<Result> {
  const turn = queue.then(async () => {
    await new Promise<void>((resolve) => { granted = resolve; say({ kind: 'lock' }); });
    try {
      return await step();
    } finally {
      say({ kind: 'unlock' });
    }
  });
  queue = turn.catch(() => undefined);
  return turn;
}
