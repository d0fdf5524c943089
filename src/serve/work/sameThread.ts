import { Turns } from '../turns.js';
import type { Bench } from './bench.js';
import type { Job, ResultOf, Workers } from './job.js';

/** Jobs on the thread that answers, one after the other; between two of them it answers what came meanwhile. */
export class SameThread implements Workers {
  readonly most = 0;
  private readonly bench: Bench;
  private readonly turns = new Turns(1);
  private asked = 0;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  get load(): Workers['load'] {
    return { waiting: Math.max(0, this.asked - 1), working: Math.min(1, this.asked) };
  }

  async run<Asked extends Job>(job: Asked): Promise<ResultOf<Asked>> {
    this.asked += 1;
    try {
      return await this.turns.run(() => this.bench.run(job));
    } finally {
      this.asked -= 1;
    }
  }

  async close(): Promise<void> {
    // there is nothing to end
  }
}
