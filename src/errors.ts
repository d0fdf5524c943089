/**
 * The three ways a scan can go wrong that are not bugs. Each message is one sentence of what happened and where,
 * and, after a full stop, what to do. Bugs are never wrapped: they keep their stack.
 */
export abstract class ScanError extends Error {
  /** The exit status of the command line: spec of the interface, 2 or 3. */
  abstract readonly exitStatus: 2 | 3;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The user can mend it: an option, a file, a name. */
export class InputError extends ScanError {
  readonly exitStatus = 2;
}

/** The image could not be read: a broken archive, an engine that died. */
export class ImageError extends ScanError {
  readonly exitStatus = 3;
}

/** The evaluation could not be had: advisories or a backend out of reach, or an answer that is not one. */
export class BackendError extends ScanError {
  readonly exitStatus = 3;
}
