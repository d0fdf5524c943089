import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { FOREIGN_INPUTS } from '../../src/action/foreignInputs.js';
import { readBundle } from '../../src/evaluation/policy/readBundle.js';
import { OPTIONS } from '../../src/options.js';
import { OUTPUTS } from '../../src/outputs.js';

/** Inputs of other actions, from their action.yml at these commits. */
const THEIRS: Readonly<Record<string, readonly string[]>> = {
  // df678db (2026-06-30)
  'aquasecurity/trivy-action': ['scan-type', 'image-ref', 'input', 'scan-ref', 'exit-code', 'ignore-unfixed', 'vuln-type', 'severity', 'format', 'template', 'output', 'skip-dirs', 'skip-files', 'cache-dir', 'timeout', 'ignore-policy', 'hide-progress', 'list-all-pkgs', 'scanners', 'trivyignores', 'github-pat', 'trivy-config', 'tf-vars', 'limit-severities-for-sarif', 'docker-host', 'version', 'cache', 'skip-setup-trivy', 'token-setup-trivy'],
  // b905e0e (2026-08-21)
  'anchore/scan-action': ['image', 'path', 'sbom', 'fail-build', 'output-format', 'output-file', 'severity-cutoff', 'only-fixed', 'add-cpes-if-none', 'by-cve', 'grype-version', 'vex', 'config', 'cache-db'],
  // 7520205 (2026-06-22)
  'docker/scout-action': ['command', 'debug', 'verbose-debug', 'summary', 'organization', 'image', 'platform', 'ref', 'to', 'to-ref', 'to-stream', 'to-env', 'to-latest', 'stream', 'environment', 'hide-policies', 'ignore-base', 'ignore-unchanged', 'only-vex-affected', 'vex-author', 'vex-location', 'only-fixed', 'only-unfixed', 'only-severities', 'only-package-types', 'only-cisa-kev', 'ignore-suppressed', 'exit-code', 'exit-on', 'sarif-file', 'only-refresh', 'only-update', 'format', 'output', 'secrets', 'tags', 'file', 'predicate-type', 'referrer', 'referrer-repository', 'registry-write-user', 'registry-write-password', 'dockerhub-user', 'dockerhub-password', 'registry-user', 'registry-password', 'github-token', 'write-comment', 'keep-previous-comments'],
  // 9ccb0a0 (2026-04-16), and those of v3
  'sysdiglabs/scan-action': ['cli-scanner-url', 'cli-scanner-version', 'cli-scanner-sha256sum', 'registry-user', 'registry-password', 'stop-on-failed-policy-eval', 'stop-on-processing-error', 'standalone', 'db-path', 'skip-upload', 'skip-summary', 'use-policies', 'override-pullstring', 'severity-at-least', 'package-types', 'not-package-types', 'exclude-accepted', 'group-by-package', 'image-tag', 'sysdig-secure-token', 'sysdig-secure-url', 'sysdig-skip-tls', 'extra-parameters', 'mode', 'recursive', 'minimum-severity', 'iac-scan-path', 'github-token', 'dockerfile-path', 'ignore-failed-scan', 'unique-report-by-package', 'input-type', 'input-path', 'run-as-user', 'extra-docker-parameters', 'severity'],
};

const guide = readFileSync('docs/migrating.md', 'utf8');
const section = (name: string): string => guide.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = (text: string): (readonly [theirs: string, ours: string])[] => text.split('\n').filter((line) => line.startsWith('| `')).map((line) => [line.split('|')[1] ?? '', line.split('|')[2] ?? '']);
/** What stands for a name in code: `image`, `image: shop:1`. */
const names = (text: string): string[] => [...text.matchAll(/`([a-z][a-z0-9-]*)(?=: |`)/g)].map(([, name = '']) => name);

describe.each(Object.entries(THEIRS))('from %s', (name, inputs) => {
  test('every input is there, beside ours or why none is needed', () => {
    const told = rows(section(name)).flatMap(([theirs, ours]) => names(theirs + (ours.includes('not here') ? ours : '')));
    for (const input of inputs) expect(told).toContain(input);
    for (const [, ours] of rows(section(name))) expect(ours.trim().length).toBeGreaterThan(5);
  });
  test('no input of theirs is made up', () => {
    for (const [theirs] of rows(section(name))) for (const input of names(theirs)) if (!['quickview', 'recommendations', 'attestation-add', 'sbom'].includes(input)) expect(inputs).toContain(input);
  });
});

test('what is given with a value is an input of ours', () => {
  const known: readonly string[] = [...OPTIONS.map(({ name }) => name), 'package_type'];
  for (const [, ours] of Object.keys(THEIRS).flatMap((name) => rows(section(name)))) {
    for (const [, name = ''] of ours.matchAll(/`([a-z][a-z_-]*): /g)) expect(known).toContain(name);
  }
});

test('outputs that are named are ours', () => {
  for (const name of guide.match(/\b[a-z]+-file\b/g) ?? []) expect([...Object.keys(OUTPUTS), 'output-file']).toContain(name);
});

test('what the log says of an input of theirs, the guide says too', () => {
  const theirs = Object.keys(THEIRS).flatMap((name) => rows(section(name)));
  for (const [input, ours] of Object.entries(FOREIGN_INPUTS)) {
    const told = theirs.filter(([left]) => names(left).includes(input));
    const word = ours === 'policies' ? 'polic' : `\`${ours}`;
    expect({ input, told: told.some(([, right]) => right.includes(word)) }).toEqual({ input, told: true });
  }
});

test('the policy that is shown is one', () => {
  const [, text = ''] = /```yaml\n([^]*?)```/.exec(guide) ?? [];
  expect(readBundle('severity.yaml', text).mappings.flatMap(({ policies }) => policies).flatMap(({ rules }) => rules)).toMatchObject([{ action: 'stop', gateName: 'vulnerabilities', triggerName: 'package' }]);
});
