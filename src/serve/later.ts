/** Work that goes on after an answer, one after the other; a graceful stop waits for it. */
export class Later {
  /** Once true, the server is about to end. */
  stopping = false;
  private queue: Promise<void> = Promise.resolve();
  private readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;

  constructor(log: (event: string, fields: Readonly<Record<string, unknown>>) => void) {
    this.log = log;
  }

  add(what: string, step: () => Promise<void>): void {
    this.queue = this.queue.then(step).catch((error: unknown) => {
      this.log('failed', { what, error: error instanceof Error ? error.message : String(error) });
    });
  }

  /** Also what was added while waiting. */
  async finished(): Promise<void> {
    for (let seen = this.queue; ; seen = this.queue) {
      await seen;
      if (seen === this.queue) return;
    }
  }
}
