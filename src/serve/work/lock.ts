/** Who asks to be alone: told when it is. */
interface Asking {
  grant(): void;
}

/** Whose turn it is to do what only one may do at a time. */
export class Lock {
  private readonly queue: Asking[] = [];

  ask(asking: Asking): void {
    this.queue.push(asking);
    if (this.queue.length === 1) asking.grant();
  }

  /** Also of one that has died. */
  leave(asking: Asking): void {
    const held = this.queue[0] === asking;
    const at = this.queue.indexOf(asking);
    if (at !== -1) this.queue.splice(at, 1);
    if (held) this.queue[0]?.grant();
  }
}
