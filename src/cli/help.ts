/** What stands below the help of a command: commands to copy, and exit statuses. A test runs the examples' words through the command line's own parser. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  scan: [
    'inline-scan scan shop:1.0',
    'inline-scan scan shop.tar --dockerfile Dockerfile --fail-on warn',
    'docker save shop:1.0 | inline-scan scan -',
    'inline-scan scan shop:1.0 --format json --quiet | jq .verdict',
    'inline-scan scan shop:1.0 --baseline main/evaluation.json --fail-on-new',
  ],
  analyze: ['inline-scan analyze shop:1.0 --output-directory out', 'inline-scan analyze --list'],
  evaluate: ['inline-scan evaluate out/report.json', 'inline-scan evaluate reports/*.json --advisories advisories --quiet'],
  policies: ['inline-scan policies', 'inline-scan policies pci > pci.json', 'inline-scan policies --gates'],
  explain: ['inline-scan explain --evaluation out', 'inline-scan explain CVE-2021-23337 --evaluation out', 'inline-scan explain /root/.ssh/id_rsa --evaluation out'],
  'advisories download': ['inline-scan advisories download advisories --ecosystem Debian --ecosystem npm'],
  serve: ['inline-scan serve --add-token my-team', 'inline-scan serve --port 8080 --database scans.db'],
  completion: ['source <(inline-scan completion bash)', 'source <(inline-scan completion zsh)', 'inline-scan completion fish | source'],
};

const STATUSES = {
  pass: '  0  pass',
  done: '  0  done',
  stop: '  1  the policy says no (--fail-on)',
  input: '  2  you can mend it: an option, a file, a name',
  error: '  3  the scan could not be done; it is never a pass',
  failed: '  3  it could not be done',
} as const;

/** Commands that judge. */
const JUDGES = new Set(['', 'scan', 'evaluate']);

/** @param command by its full name: `advisories download`; empty for the program */
export function helpBelow(command: string): string {
  const examples = EXAMPLES[command] ?? [];
  const statuses = JUDGES.has(command) ? [STATUSES.pass, STATUSES.stop, STATUSES.input, STATUSES.error] : [STATUSES.done, STATUSES.input, STATUSES.failed];
  return [...(examples.length === 0 ? [] : ['', 'Examples:', ...examples.map((example) => `  ${example}`)]), '', 'Exit status:', ...statuses].join('\n');
}
