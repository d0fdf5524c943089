import type { Host } from '../host.js';
import { progressReporter } from '../output/progress.js';

/** A laptop: progress to standard error, as a bar on a terminal, as plain lines elsewhere. */
export function terminalHost(env: NodeJS.ProcessEnv, quiet: boolean): Host {
  const nothing = (): void => undefined;
  return {
    env, platform: process.platform, workspace: process.cwd(), now: () => new Date(),
    say: quiet ? nothing : (line) => { process.stderr.write(`${line}\n`); },
    progress: quiet ? nothing : progressReporter(process.stderr, env),
  };
}
