import type { Command } from 'commander';
import { completion } from '../output/completion.js';

/** `inline-scan completion`: what commander knows, as a script for a shell. */
export async function completionCommand(shell: string, root: Command): Promise<number> {
  const commands = root.commands.map((command) => ({
    name: command.name(), description: command.description(),
    options: command.options.map(({ long, description }) => ({ name: long ?? '', description })).filter(({ name }) => name !== ''),
  }));
  process.stdout.write(completion(shell, commands));
  return 0;
}
