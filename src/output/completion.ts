import { InputError } from '../errors.js';

/** A command line as far as a shell completes it. */
export interface CommandDescription {
  /** `scan`; subcommands of subcommands with a blank: `advisories download`. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionDescription[];
  /** What its argument may be; empty where it may be anything, a path as a rule. */
  readonly argument: readonly string[];
}

export interface OptionDescription {
  /** With its dashes: `--fail-on`. */
  readonly flag: string;
  readonly description: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** What the value may be; empty where it may be anything, a path as a rule. */
  readonly allowed: readonly string[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A completion script for a shell. @throws InputError for a shell that there is none for */
export function completion(shell: string, program: string, commands: readonly CommandDescription[]): string {
  switch (shell) {
    case 'bash': return bash(program, commands);
    case 'zsh': return zsh(program, commands);
    case 'fish': return fish(program, commands);
    default: throw new InputError(`There is no completion for the shell ${JSON.stringify(shell)}. Shells are: ${SHELLS.join(', ')}.`);
  }
}

/** Words for a shell within single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''").replace(/\s+/g, ' ')}'`;
}

function functionName(program: string): string {
  return `_${program.replace(/\W/g, '_')}`;
}

function bash(program: string, commands: readonly CommandDescription[]): string {
  const name = functionName(program);
  const top = commands.filter((command) => !command.name.includes(' '));
  const values = new Map(commands.flatMap(({ options }) => options.filter(({ allowed }) => allowed.length > 0).map(({ flag, allowed }) => [flag, allowed] as const)));
  const paths = [...new Set(commands.flatMap(({ options }) => options.filter(({ takesValue, allowed }) => takesValue && allowed.length === 0).map(({ flag }) => flag)))];
  return [
    `# ${program} completion for bash: source <(${program} completion bash)`,
    `${name}() {`,
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words=',
    '  COMPREPLY=()',
    '  case $previous in',
    ...[...values].map(([flag, allowed]) => `    ${flag}) COMPREPLY=($(compgen -W ${quoted(allowed.join(' '))} -- "$current")); return ;;`),
    ...(paths.length > 0 ? [`    ${paths.join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;`] : []),
    '  esac',
    ...top.filter(({ argument }) => argument.length > 0).map((command) => `  if [ "$command" = ${command.name} ] && [ "$COMP_CWORD" -gt 1 ] && [[ $current != -* ]]; then COMPREPLY=($(compgen -W ${quoted(command.argument.join(' '))} -- "$current")); return; fi`),
    `  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W ${quoted(top.map((command) => command.name).join(' '))} -- "$current")); return; fi`,
    '  case $command in',
    ...top.map((command) => {
      const own = commands.filter((one) => one.name === command.name || one.name.startsWith(`${command.name} `));
      const words = own.flatMap((one) => [...(one.name === command.name ? [] : [one.name.slice(command.name.length + 1)]), ...one.options.map(({ flag }) => flag)]);
      return `    ${command.name}) words=${quoted(words.join(' '))} ;;`;
    }),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current") $([[ $current == -* ]] || compgen -f -- "$current"))',
    '}',
    `complete -o filenames -F ${name} ${program}`, '',
  ].join('\n');
}

function zsh(program: string, commands: readonly CommandDescription[]): string {
  const name = functionName(program);
  const label = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');
  const top = commands.filter((command) => !command.name.includes(' '));
  return [
    `#compdef ${program}`,
    `# ${program} completion for zsh: source <(${program} completion zsh)`,
    `${name}() {`,
    '  local -a commands',
    `  commands=(${top.map((command) => quoted(`${command.name}:${label(command.description)}`)).join(' ')})`,
    '  if (( CURRENT == 2 )); then _describe command commands; return; fi',
    '  local command=$words[2]',
    '  shift words; (( CURRENT-- ))',
    '  case $command in',
    ...top.map((command) => {
      const own = commands.filter((one) => one.name === command.name || one.name.startsWith(`${command.name} `));
      const options = own.flatMap((one) => one.options.map(({ flag, description, takesValue, allowed }) => (
        quoted(`${flag}[${label(description)}]${takesValue ? `:value:${allowed.length > 0 ? `(${allowed.join(' ')})` : '_files'}` : ''}`))));
      const inner = own.filter((one) => one !== command).map((one) => one.name.slice(command.name.length + 1));
      const words = inner.length > 0 ? inner : command.argument;
      const position = words.length > 0 ? quoted(`1:${inner.length > 0 ? 'command' : 'argument'}:(${words.join(' ')})`) : quoted('*:file:_files');
      return `    ${command.name}) _arguments ${[...options, position].join(' ')} ;;`;
    }),
    '  esac',
    '}',
    `compdef ${name} ${program}`, '',
  ].join('\n');
}

function fish(program: string, commands: readonly CommandDescription[]): string {
  const top = commands.filter((command) => !command.name.includes(' '));
  return [
    `# ${program} completion for fish: ${program} completion fish | source`,
    ...top.map((command) => `complete -c ${program} -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.description)}`),
    ...commands.flatMap(({ name, options, argument }) => {
      const [first = '', inner] = name.split(' ');
      const seen = `-n ${quoted(`__fish_seen_subcommand_from ${first}`)}`;
      const sub = inner === undefined ? [] : [`complete -c ${program} ${seen} -f -a ${inner}`];
      const words = argument.length === 0 ? [] : [`complete -c ${program} ${seen} -f -a ${quoted(argument.join(' '))}`];
      return [...sub, ...words, ...options.map(({ flag, description, takesValue, allowed }) => [
        `complete -c ${program} ${seen} -l ${flag.replace(/^--/, '')} -d ${quoted(description)}`,
        ...(takesValue ? [allowed.length > 0 ? `-x -a ${quoted(allowed.join(' '))}` : '-r'] : []),
      ].join(' '))];
    }), '',
  ].join('\n');
}
