/** Work that goes on after an answer. What has the same name is done one after the other; what has another is not held up by it. */
export class Later {
  /** Once true, the server is about to end. */
  stopping = false;
  private readonly queues = new Map<string, Promise<void>>();
  private readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;

  constructor(log: (event: string, fields: Readonly<Record<string, unknown>>) => void) {
    this.log = log;
  }

  add(queue: string, step: () => Promise<void>): void {
    const turn = (this.queues.get(queue) ?? Promise.resolve()).then(step).catch((error: unknown) => {
      this.log('failed', { what: queue, error: error instanceof Error ? error.message : String(error) });
    }).finally(() => { if (this.queues.get(queue) === turn) this.queues.delete(queue); });
    this.queues.set(queue, turn);
  }

  /** Also what was added while waiting; false where the time (milliseconds) was not enough. */
  async finished(time: number): Promise<boolean> {
    const timer: { late: boolean; handle?: NodeJS.Timeout } = { late: false };
    const tooLate = new Promise<void>((resolve) => {
      timer.handle = setTimeout(() => { timer.late = true; resolve(); }, time);
    });
    while (this.queues.size > 0 && !timer.late) await Promise.race([Promise.all(this.queues.values()), tooLate]);
    clearTimeout(timer.handle);
    return this.queues.size === 0;
  }
}
