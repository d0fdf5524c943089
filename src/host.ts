import type { Progress } from './lanes/progress.js';

/** What of the machine a scan may use; the action and the command line each bring theirs, tests another. */
export interface Host {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Directory that relative paths are of. */
  readonly workspace: string;
  readonly now: () => Date;
  /** A line of progress for people; never a result. */
  readonly say: (line: string) => void;
  /** How far the reading of the image is. */
  readonly progress: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}
