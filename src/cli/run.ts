import { CommanderError } from 'commander';
import { ScanError } from '../errors.js';
import { program } from './program.js';

/** Runs one command; gives the exit status: 0 pass, 1 the policy says no, 2 the user can mend it, 3 the scan could not be done. */
export async function runCommandLine(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const outcome = { status: 0 };
  try {
    await program(env, outcome).parseAsync(words, { from: 'user' });
    return outcome.status;
  } catch (error) {
    return statusOf(error, env);
  }
}

function statusOf(error: unknown, env: NodeJS.ProcessEnv): number {
  // help and version end this way too
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ScanError) {
    process.stderr.write(`inline-scan: ${error.message}\n`);
    if (env['INLINE_SCAN_DEBUG'] !== undefined && error.cause instanceof Error) process.stderr.write(`${error.cause.stack ?? error.cause.message}\n`);
    return error.exitStatus;
  }
  // a bug: its stack is what whoever mends it needs
  process.stderr.write(`inline-scan: This should not have happened. Please report it with what follows.\n${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  return 3;
}
