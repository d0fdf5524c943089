/** What a request may be: past it, a 4xx that names the limit. */
export interface Limits {
  /** Bytes of a body: the analysis of an image of a million files has about 60 MB compressed. */
  readonly body: number;
  /** Bytes of all members of an archive together, and of one: V8 holds no longer text. */
  readonly members: number;
  /** How many members an archive may have; ours have four. */
  readonly memberCount: number;
  /** Bytes of members of all imports that are worked on at once: past it, one has to come back. */
  readonly membersAtOnce: number;
  /** Milliseconds for a whole body to come, and for a whole request to be answered. */
  readonly bodyTime: number;
  /** Requests that are worked on at once; more are told to come back. */
  readonly concurrency: number;
}

export const LIMITS: Limits = {
  body: 128 * 1024 * 1024,
  members: 500 * 1024 * 1024,
  memberCount: 16,
  membersAtOnce: 1024 * 1024 * 1024,
  bodyTime: 120_000,
  concurrency: 64,
};
