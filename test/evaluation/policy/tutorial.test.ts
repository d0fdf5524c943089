import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import { readBundle } from '../../../src/evaluation/policy/readBundle.js';
import type { VulnerabilityMatch } from '../../../src/evaluation/vulnerability.js';
import { context } from '../judge.js';
import { answer, config, image, installed, match, withDockerfile } from '../scannedImage.js';

/** Every example of docs/policies.md: the block after its mark. */
const EXAMPLES = new Map([...readFileSync('docs/policies.md', 'utf8').matchAll(/<!-- example: (\w+) -->\n```(\w+)\n([^]*?)```/g)]
  .map(([, name, , text]) => [name as string, text as string]));

function run(name: string, ...[scanned, parts]: [Parameters<typeof evaluate>[0], Partial<Parameters<typeof evaluate>[1]>?]): ReturnType<typeof evaluate> {
  return evaluate(scanned, context({ bundles: [readBundle(`${name}.yaml`, EXAMPLES.get(name) ?? '')], ...parts }));
}

test('every example of the tutorial is run here', () => {
  expect([...EXAMPLES.keys()]).toEqual(['shell', 'vulnerabilities', 'dockerfile', 'bundle', 'broken']);
  expect(readFileSync('docs/policies.md', 'utf8').match(/```(?:yaml|json)/g)).toHaveLength(EXAMPLES.size);
});

test('one rule', () => {
  expect(run('shell', image({ packages: [installed({ name: 'openssh-server' })] }))).toMatchObject({
    verdict: 'stop', findings: [{ rule: 'team.1', message: 'Package is blacklisted: openssh-server', remediation: 'Leave the SSH server out, and use kubectl exec.' }],
  });
  expect(run('shell', image()).verdict).toBe('go');
});

test.each<[Partial<VulnerabilityMatch>, string]>([
  [{ severity: 'high' }, 'stop'],
  [{ severity: 'high', fixedIn: [] }, 'go'],
  [{ severity: 'medium', fixedAt: '2026-01-01T00:00:00Z' }, 'stop'],
  [{ severity: 'medium', fixedAt: '2026-11-20T00:00:00Z' }, 'go'],
  [{ severity: 'unknown', fixedIn: [] }, 'warn'],
])('vulnerabilities: %j', (parts, verdict) => {
  expect(run('vulnerabilities', image(), { advisories: answer({ matches: [match(parts)] }) }).verdict).toBe(verdict);
});

test.each([
  ['FROM evil.example/a:1\nLABEL a=b\nUSER app', 'app', 'stop', 1],
  ['FROM docker.io/library/debian:12\nLABEL a=b', '', 'stop', 1],
  ['FROM registry.example.com/a:1\nUSER app', 'app', 'warn', 1],
  ['FROM registry.example.com/a:1\nLABEL a=b\nUSER app', 'app', 'go', 0],
])('the Dockerfile: %j', (contents, user, verdict, count) => {
  const evaluation = run('dockerfile', withDockerfile(contents, { config: config({ user }) }));
  expect(evaluation.verdict).toBe(verdict);
  expect(evaluation.findings).toHaveLength(count);
});

describe('a bundle', () => {
  test.each([
    ['localbuild/batch-mail:1', 'go', 'policy_evaluation', 1],
    ['registry.example.com/shop:1', 'stop', 'policy_evaluation', 0],
    ['localbuild/shop:1', 'warn', 'policy_evaluation', 0],
    ['localbuild/legacy:1.2', 'stop', 'denied_image', 0],
  ])('%s', (name, verdict, reason, suppressed) => {
    expect(run('bundle', image({ name }))).toMatchObject({ verdict, reason, counts: { suppressed } });
  });
});

test('a broken one', () => {
  const message = /```\n(broken\.yaml, line .*)\n```/.exec(readFileSync('docs/policies.md', 'utf8'))?.[1];
  expect(() => run('broken', image())).toThrow(message);
});
