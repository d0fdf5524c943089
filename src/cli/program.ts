import { Command } from 'commander';
import { OPTIONS, type OptionName } from '../options.js';
import { TOOL } from '../tool.js';
import type { Given } from './given.js';

/** Where a command leaves its exit status. */
export interface CommandOutcome {
  status: number;
}

/** Options that make no sense on a command line of this kind. */
const POSITIONAL: readonly OptionName[] = ['image', 'archive'];
const ANALYSIS: readonly OptionName[] = ['engine', 'platform', 'name', 'dockerfile', 'target', 'analyzers', 'analyzer-config', 'cache', 'output-directory'];
const EVALUATION: readonly OptionName[] = [
  'policies', 'exceptions', 'vex', 'advisories', 'trusted-registries', 'backend-url', 'backend-token', 'backend-ca-cert', 'dry-run',
  'fail-on', 'fail-on-new', 'minimum-severity', 'only-fixed', 'baseline', 'output-directory',
];

/** The command line, as commander knows it. What a command does is loaded when it is called: `--help` is quick. */
export function program(env: NodeJS.ProcessEnv, outcome: CommandOutcome): Command {
  const root = new Command('inline-scan')
    .description('Scans a container image where it was built: packages, vulnerabilities, secrets, policy, at the Dockerfile line')
    .version(TOOL.version)
    .showHelpAfterError('(--help says what there is)')
    .exitOverride()
    .addHelpText('after', '\nExit status: 0 pass, 1 the policy says no, 2 you can mend it (an option, a file, a name), 3 the scan could not be done.');

  const scan = root.command('scan').description('analyse and evaluate an image of the local engine, an archive or an OCI layout directory').argument('[IMAGE|ARCHIVE]');
  withFormat(withOptions(scan, [...POSITIONAL, ...ANALYSIS, ...EVALUATION]))
    .action(async (target: string | undefined, given: Given) => { outcome.status = await (await import('./scanCommand.js')).scanCommand(target, given, env); });

  const analyze = root.command('analyze').description('phase 1 alone: write report.json').argument('[IMAGE|ARCHIVE]');
  withOptions(analyze, ANALYSIS)
    .option('--list', 'every analyzer there is, and nothing else')
    .option('--archive', 'also write analysis-archive.tgz, what a backend is sent')
    .option('--quiet', 'no progress')
    .action(async (target: string | undefined, given: Given) => { outcome.status = await (await import('./analyzeCommand.js')).analyzeCommand(target, given, env); });

  const evaluate = root.command('evaluate').description('phase 2 alone: stored reports against what is known today; for several, evaluation.json of each').argument('<REPORT.json...>');
  withFormat(withOptions(evaluate, [...EVALUATION, 'dockerfile', 'target', 'cache']))
    .action(async (reports: string[], given: Given) => { outcome.status = await (await import('./evaluateCommand.js')).evaluateCommand(reports, given, env); });

  root.command('policies').description('what is built in; with a name, the bundle itself, to be copied and edited').argument('[NAME]')
    .option('--gates', 'every gate, trigger and parameter')
    .option('--schema', 'the JSON schema of bundles, for editors')
    .action(async (name: string | undefined, given: Given) => { outcome.status = await (await import('./policiesCommand.js')).policiesCommand(name, given); });

  root.command('explain').description('everything known about one finding: where it came from and what would mend it')
    .argument('<FINDING>', 'the finding\'s id, or that of a vulnerability')
    .option('--evaluation <PATH>', 'the evaluation.json that holds it; report.json beside it says more', 'evaluation.json')
    .action(async (finding: string, given: Given) => { outcome.status = await (await import('./explainCommand.js')).explainCommand(finding, given); });

  const advisories = root.command('advisories').description('advisories for a place without a network');
  advisories.command('download').description('fetch OSV\'s exports into a directory').argument('<DIR>')
    .option('--ecosystem <NAME>', 'one of OSV\'s ecosystems, such as Debian or npm; may be given several times', collect, [])
    .option('--from <URL>', 'where exports are, if not at OSV')
    .action(async (directory: string, given: Given) => { outcome.status = await (await import('./advisoriesCommand.js')).downloadCommand(directory, given); });

  root.command('serve').description('a backend of your own, speaking the Sysdig Secure API')
    .option('--host <ADDRESS>', 'where to listen [127.0.0.1]')
    .option('--port <NUMBER>', 'where to listen; 0 for any that is free [8080]')
    .option('--database <PLACE>', 'a file for SQLite, or postgres://…; also INLINE_SCAN_DATABASE [below the user\'s data folder]')
    .option('--advisories <SOURCE>', 'as for scan: osv, a directory, a URL or none [osv]')
    .option('--tls-cert <PATH>', 'a certificate in PEM, for TLS without a proxy')
    .option('--tls-key <PATH>', 'its key in PEM')
    .option('--add-token <ACCOUNT>', 'print a new token for an account, and end; only its hash is kept')
    .option('--read-only', 'with --add-token: a token that may change nothing')
    .option('--list-tokens', 'print the id, time, role and account of each token, and end')
    .option('--revoke-token <ID>', 'forget a token, given by its id or itself, and end')
    .option('--private-webhooks', 'let webhooks lead to this machine and its networks')
    .action(async (given: Given) => { outcome.status = await (await import('./serveCommand.js')).serveCommand(given, env); });

  root.command('completion').description('a completion script for a shell').argument('<SHELL>', 'bash, zsh or fish')
    .action(async (shell: string) => { outcome.status = await (await import('./completionCommand.js')).completionCommand(shell, root); });

  return root;
}

function withOptions(command: Command, names: readonly OptionName[]): Command {
  for (const name of new Set(names)) {
    const option = OPTIONS.find((described) => described.name === name);
    if (option === undefined) continue;
    const flags = 'value' in option ? `--${name} <${option.value}>` : `--${name} [true|false]`;
    const allowed = 'allowed' in option ? ` (${option.allowed.join(', ')})` : '';
    const fallback = option.fallback === '' ? '' : ` [${option.fallback}]`;
    command.option(flags, `${option.description}${allowed}${fallback}`);
  }
  return command;
}

function withFormat(command: Command): Command {
  return command
    .option('--format <FORMAT>', 'what goes to standard output: table, json (evaluation.json), sarif, markdown', 'table')
    .option('--explain', 'say which mapping, policies, rules and exceptions applied, and why')
    .option('--quiet', 'no progress, and no table');
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
