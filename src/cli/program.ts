import { Command } from 'commander';
import { OPTIONS, type OptionName } from '../options.js';
import { TOOL } from '../tool.js';
import type { Given } from './given.js';
import { helpBelow } from './help.js';

/** Where a command leaves its exit status. */
export interface CommandOutcome {
  status: number;
}

/** Options, by what they are about. */
const POSITIONAL: readonly OptionName[] = ['image', 'archive'];
const IMAGE: readonly OptionName[] = ['engine', 'platform', 'name', 'dockerfile', 'target', 'analyzers', 'analyzer-config'];
const EVALUATION: readonly OptionName[] = ['policies', 'exceptions', 'vex', 'advisories', 'trusted-registries', 'fail-on', 'baseline', 'fail-on-new'];
const BACKEND: readonly OptionName[] = ['backend-url', 'backend-token', 'backend-ca-cert', 'dry-run'];
const SHOWN: readonly OptionName[] = ['minimum-severity', 'only-fixed'];
const KEPT: readonly OptionName[] = ['output-directory', 'cache'];
/** Taken, so that a workflow's inputs can be given as they are. */
const WORKFLOW: readonly OptionName[] = ['annotations', 'summary'];

/** The command line, as commander knows it. What a command does is loaded when it is called: `--help` is quick. */
export function program(env: NodeJS.ProcessEnv, outcome: CommandOutcome): Command {
  const root = new Command('inline-scan')
    .description('Scans a container image where it was built: packages, vulnerabilities, secrets, policy, at the Dockerfile line')
    .version(TOOL.version)
    .showHelpAfterError('(--help says what there is)')
    .exitOverride()
    // defaults stand in the descriptions, in one form
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', helpBelow(''));

  const scan = root.command('scan').description('analyse and evaluate an image').argument('[IMAGE|ARCHIVE]', TARGET);
  withOptions(scan, 'What is scanned:', [...POSITIONAL, ...IMAGE]);
  withOptions(scan, 'How it is evaluated:', EVALUATION);
  withOptions(scan, 'At a backend:', BACKEND);
  withFormat(withOptions(scan, 'What comes of it:', [...SHOWN, ...KEPT]));
  withOptions(scan, 'In a workflow alone, taken here too:', WORKFLOW)
    .action(async (target: string | undefined, given: Given) => { outcome.status = await (await import('./scanCommand.js')).scanCommand(target, given, env); });

  const analyze = root.command('analyze').description('phase 1 alone: write report.json, and print its path').argument('[IMAGE|ARCHIVE]', TARGET);
  withOptions(analyze, 'What is scanned:', IMAGE);
  withOptions(analyze, 'What comes of it:', KEPT)
    .option('--archive', 'Also write analysis-archive.tgz, which a backend is sent')
    .option('--quiet', 'No progress')
    .option('--list', 'Print every analyzer there is, and nothing else')
    .action(async (target: string | undefined, given: Given) => { outcome.status = await (await import('./analyzeCommand.js')).analyzeCommand(target, given, env); });

  const evaluate = root.command('evaluate').description('phase 2 alone: stored reports against what is known today').argument('<REPORT.json...>', 'report.json of earlier scans; of several, evaluation.json is written for each, and nothing else');
  withOptions(evaluate, 'How they are evaluated:', [...EVALUATION, 'dockerfile', 'target']);
  withOptions(evaluate, 'At a backend:', BACKEND);
  withFormat(withOptions(evaluate, 'What comes of it:', [...SHOWN, ...KEPT]))
    .action(async (reports: string[], given: Given) => { outcome.status = await (await import('./evaluateCommand.js')).evaluateCommand(reports, given, env); });

  root.command('policies').description('the built-in policies, or one of them, to be copied and edited').argument('[NAME]', 'of the policy to print')
    .option('--gates', 'Every gate, trigger and parameter')
    .option('--schema', 'The JSON schema of policies, for editors')
    .action(async (name: string | undefined, given: Given) => { outcome.status = await (await import('./policiesCommand.js')).policiesCommand(name, given); });

  root.command('explain').description('everything known about one finding: where it came from and what would mend it')
    .argument('[FINDING]', 'id of a vulnerability or of a finding, name of a package, or a path in the image; without it all findings are listed')
    .option('--evaluation <PATH>', 'The evaluation.json that holds it, or its folder; report.json beside it says more [evaluation.json]', 'evaluation.json')
    .action(async (finding: string | undefined, given: Given) => { outcome.status = await (await import('./explainCommand.js')).explainCommand(finding, given); });

  const advisories = root.command('advisories').description('advisories for a place without a network');
  advisories.command('download').description('fetch OSV\'s exports into a directory').argument('<DIR>', 'where they go; then scan with --advisories DIR')
    .option('--ecosystem <NAME>', 'One of OSV\'s ecosystems, such as Debian or npm; may be given several times [all that an image here can have]', collect, [])
    .option('--from <URL>', 'Where exports are, if not at OSV')
    .action(async (directory: string, given: Given) => { outcome.status = await (await import('./advisoriesCommand.js')).downloadCommand(directory, given); });

  root.command('serve').description('a backend of your own, speaking the Sysdig Secure API')
    .option('--host <ADDRESS>', 'Where to listen [127.0.0.1]')
    .option('--port <NUMBER>', 'Where to listen; 0 for any that is free [8080]')
    .option('--database <PLACE>', 'A file for SQLite, or postgres://…; also INLINE_SCAN_DATABASE [below the user\'s data folder]')
    .option('--advisories <SOURCE>', 'As for scan: osv, a directory, a URL or none [osv]')
    .option('--tls-cert <PATH>', 'A certificate in PEM, for TLS without a proxy')
    .option('--tls-key <PATH>', 'Its key in PEM')
    .option('--add-token <ACCOUNT>', 'Print a new token for an account, and end; only its hash is kept')
    .option('--read-only', 'With --add-token: a token that may change nothing')
    .option('--list-tokens', 'Print the id, time, role and account of each token, and end')
    .option('--revoke-token <ID>', 'Forget a token, given by its id or itself, and end')
    .option('--private-webhooks', 'Let webhooks lead to this machine and its networks')
    .action(async (given: Given) => { outcome.status = await (await import('./serveCommand.js')).serveCommand(given, env); });

  root.command('completion').description('a completion script for bash, zsh or fish').argument('<SHELL>', 'bash, zsh or fish')
    .action(async (shell: string) => { outcome.status = await (await import('./completionCommand.js')).completionCommand(shell, root); });

  for (const command of [...root.commands, ...advisories.commands]) command.addHelpText('after', helpBelow(fullName(command)));
  return root;
}

const TARGET = 'name of an image of the local engine; path of a docker save or OCI archive, or of an OCI layout directory; or - for an archive from standard input';

function fullName(command: Command): string {
  return command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();
}

function withOptions(command: Command, heading: string, names: readonly OptionName[]): Command {
  command.optionsGroup(heading);
  for (const name of names) {
    const option = OPTIONS.find((described) => described.name === name);
    if (option === undefined) continue;
    const flags = 'value' in option ? `--${name} <${option.value}>` : `--${name} [true|false]`;
    const allowed = 'allowed' in option ? `. One of: ${option.allowed.join(', ')}` : '';
    const fallback = option.fallback === '' ? '' : ` [${option.fallback}]`;
    command.option(flags, `${option.description}${allowed}${fallback}`);
  }
  return command;
}

function withFormat(command: Command): Command {
  return command
    .option('--format <FORMAT>', 'What goes to standard output: table, json (evaluation.json), sarif, markdown [table]', 'table')
    .option('--explain', 'Say on standard error which mapping, policies, rules and exceptions applied, and why')
    .option('--quiet', 'No progress, and no table');
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
