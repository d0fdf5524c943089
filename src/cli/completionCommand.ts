import type { Command } from 'commander';
import { OPTIONS } from '../options.js';
import { BUILT_IN } from '../evaluation/policy/builtin/index.js';
import { completion, SHELLS, type CommandDescription } from '../output/completion.js';
import { FORMATS } from './given.js';

/** `inline-scan completion`: what commander knows, as a script for a shell. */
export async function completionCommand(shell: string, root: Command): Promise<number> {
  process.stdout.write(completion(shell, root.name(), root.commands.flatMap((command) => described(command, ''))));
  return 0;
}

/** Arguments of which there are only so many. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { completion: SHELLS, policies: BUILT_IN.map(({ name }) => name) };

function described(command: Command, above: string): CommandDescription[] {
  const name = `${above}${command.name()}`;
  const options = command.options.map(({ long, description, required }) => ({
    flag: long ?? '', description, takesValue: required,
    allowed: long === '--format' ? FORMATS : OPTIONS.flatMap((option) => `--${option.name}` === long && 'allowed' in option ? [...option.allowed] : []),
  }));
  return [{ name, description: command.description(), options: options.filter(({ flag }) => flag !== ''), argument: ARGUMENTS[name] ?? [] }, ...command.commands.flatMap((below) => described(below, `${name} `))];
}
