/** Work that goes on after an answer. What has the same name is done one after the other; what has another is not held up by it. */
export class Later {
  /** Once true, the server is about to end. */
  stopping = false;
  private readonly queues = new Map<string, { readonly turn: Promise<void>; readonly length: number }>();
  private readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;

  constructor(log: (event: string, fields: Readonly<Record<string, unknown>>) => void) {
    this.log = log;
  }

  add(queue: string, step: () => Promise<void>): void {
    const { turn: last, length } = this.queues.get(queue) ?? { turn: Promise.resolve(), length: 0 };
    const turn = last.then(step).catch((error: unknown) => {
      this.log('failed', { what: queue, error: error instanceof Error ? error.message : String(error) });
    }).finally(() => { this.leave(queue); });
    this.queues.set(queue, { turn, length: length + 1 });
  }

  /** How much of that name is not done yet, what is being done included. */
  length(queue: string): number {
    return this.queues.get(queue)?.length ?? 0;
  }

  private leave(queue: string): void {
    const left = this.queues.get(queue);
    if (left === undefined || left.length === 1) this.queues.delete(queue);
    else this.queues.set(queue, { ...left, length: left.length - 1 });
  }

  /** Also what was added while waiting; false where the time (milliseconds) was not enough. */
  async finished(time: number): Promise<boolean> {
    const late = new AbortController();
    const tooLate = new Promise<void>((resolve) => { late.signal.onabort = () => resolve(); });
    const timer = setTimeout(() => late.abort(), time);
    while (this.queues.size > 0 && !late.signal.aborted) await Promise.race([Promise.all([...this.queues.values()].map(({ turn }) => turn)), tooLate]);
    clearTimeout(timer);
    return this.queues.size === 0;
  }
}
