/**
 * Why an archive, or one entry of it, cannot be read: one sentence without a full stop.
 * Returned, not thrown: an archive in an image is hostile until shown otherwise, and the rest of it may still be read.
 */
export class Fault {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
