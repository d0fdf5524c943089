import { Fault } from './fault.js';

/** Bytes of memory that all imports may have at once, however many there are. */
export class Budget {
  private left: number;

  constructor(bytes: number) {
    this.left = bytes;
  }

  /** What the step takes is given back when it ends. @throws Fault 503 past the budget */
  async spend<Result>(step: (take: (bytes: number) => void) => Promise<Result>): Promise<Result> {
    let taken = 0;
    let isOver = false;
    try {
      return await step((bytes) => {
        // what still flows after a failure is not kept, nor counted
        if (isOver) return;
        if (bytes > this.left) throw new Fault(503, 'Imports at work have as many bytes as the server takes at once. Come back in a moment.', { 'retry-after': '5' });
        this.left -= bytes;
        taken += bytes;
      });
    } finally {
      isOver = true;
      this.left += taken;
    }
  }
}
