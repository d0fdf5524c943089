import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../../src/evaluation/evaluate.js';
import { loadPolicies } from '../../src/evaluation/policy/loadPolicies.js';
import { countFindings, failsStep, gravest, sortFindings, statusOf } from '../../src/evaluation/verdict.js';
import type { Finding } from '../../src/evaluation/evaluation.js';
import { context } from './judge.js';
import { answer, config, files, hit, image, installed, layer, match } from './scannedImage.js';

const BUNDLES = await loadPolicies(['default', 'pci', 'nist-800-190', 'dockerfile-best-practices'], () => undefined);
const SECRET = 'hunter2hunter2';
const scanned = image({
  packages: [installed(), installed({ name: 'zlib' })],
  files: files(['/usr/bin/find', 0o104755], '/root/.ssh/id_rsa'),
  secrets: [hit('/app/a.env')],
  config: config({ env: [`DB_PASSWORD=${SECRET}`], exposedPorts: ['22/tcp'] }),
  layers: [layer(0, `/bin/sh -c #(nop)  ENV DB_PASSWORD=${SECRET}`), layer(1, `RUN |1 NPM_TOKEN=${SECRET} /bin/sh -c curl -H "Authorization: Bearer ${SECRET}" https://u:${SECRET}@x # buildkit`)],
  problems: [{ path: '/x', analyzer: 'rpm', message: 'It is broken.' }],
});
const matches = [match({ id: 'CVE-3', severity: 'low' }), match({ id: 'CVE-2', severity: 'critical', package: installed({ name: 'zlib' }) }), match({ id: 'CVE-1', severity: 'critical' })];
const advisories = answer({ matches, uncovered: [{ ecosystem: 'conan', packages: 2, why: 'nobody publishes them.' }], problems: ['One version cannot be read.'] });

describe('evaluation', () => {
  const evaluation = evaluate(scanned, context({ bundles: BUNDLES, advisories }));

  test('two evaluations differ in evaluatedAt alone', () => {
    const later = evaluate(scanned, context({ bundles: BUNDLES, advisories, now: new Date('2026-11-28T12:00:01Z') }));
    expect({ ...later, evaluatedAt: '' }).toEqual({ ...evaluation, evaluatedAt: '' });
    expect(JSON.stringify({ ...later, evaluatedAt: '' })).toBe(JSON.stringify({ ...evaluation, evaluatedAt: '' }));
  });

  test('a secret is nowhere in it', () => {
    expect(evaluation.findings.some(({ message }) => message.includes('DB_PASSWORD=***'))).toBe(true);
    expect(JSON.stringify(evaluation)).not.toContain(SECRET);
  });

  test('what is not covered, and what analyzers could not read, is said once', () => {
    expect(evaluation.problems).toEqual([
      { path: '/x', analyzer: 'rpm', message: 'It is broken.' },
      { message: 'There are no advisories for 2 packages of conan: nobody publishes them.' },
      { message: 'One version cannot be read.' },
    ]);
  });

  test('vulnerabilities count once, however many policies tell them', () => {
    expect(evaluation.counts.severity).toEqual({ critical: 2, high: 0, medium: 0, low: 1, negligible: 0, unknown: 0 });
    expect(evaluation.findings.filter(({ vulnerability }) => vulnerability !== undefined).length).toBeGreaterThan(3);
  });

  test('findings are sorted by action, severity, id, path', () => {
    const order = { stop: 0, warn: 1, go: 2 };
    const keys = evaluation.findings.map(({ action }) => order[action]);
    expect(keys).toEqual([...keys].sort((left, right) => left - right));
    expect(evaluation.findings.slice(0, 2).map(({ vulnerability }) => vulnerability?.id)).toEqual(['CVE-1', 'CVE-1']);
  });

  test('names its policies', () => {
    expect(evaluation.policies.map(({ id }) => id)).toEqual(['default', 'pci', 'nist-800-190', 'dockerfile-best-practices']);
    expect(evaluation).toMatchObject({ schema: 1, backend: 'embedded', verdict: 'stop', status: 'fail', reason: 'policy_evaluation', image: { name: 'localbuild/shop:1.0' } });
  });
});

test('names of things in an image cannot reach beyond them', () => {
  const odd = image({
    files: files('/__proto__', '/constructor'), packages: [installed({ name: '__proto__', licenses: ['constructor'] })],
    config: config({ labels: JSON.parse('{"__proto__": "x"}') as Record<string, string> }), distro: { id: '__proto__', version: 'constructor', like: [] },
  });
  expect(() => evaluate(odd, context({ bundles: BUNDLES }))).not.toThrow();
});

describe('verdict', () => {
  test('the gravest action', () => {
    expect(gravest([])).toBe('go');
    expect(gravest(['go', 'warn'])).toBe('warn');
    expect(gravest(['warn', 'stop', 'go'])).toBe('stop');
  });

  test.each([
    ['stop', 'stop', true], ['warn', 'stop', false], ['go', 'stop', false], ['warn', 'warn', true], ['stop', 'warn', true], ['go', 'warn', false], ['stop', 'never', false],
  ] as const)('%s under fail-on %s', (verdict, failOn, fails) => {
    expect(failsStep(verdict, failOn)).toBe(fails);
  });

  test('status', () => {
    expect([statusOf('go'), statusOf('warn'), statusOf('stop')]).toEqual(['pass', 'pass', 'fail']);
  });

  test('suppressed findings count for nothing', () => {
    const finding: Finding = { id: 'x', policy: 'p', rule: 'r', gate: 'g', trigger: 't', action: 'go', message: 'm', suppressed: { by: 'vex', id: 'i', reason: 'r' } };
    expect(countFindings([finding])).toMatchObject({ go: 0, suppressed: 1 });
  });

  test('whatever is equal otherwise is sorted by its path, policy and rule', () => {
    const finding = (path: string, policy: string): Finding => ({ id: 'x', policy, rule: 'r', gate: 'g', trigger: 't', action: 'go', message: 'm', location: { path } });
    expect(sortFindings([finding('/b', 'a'), finding('/a', 'b'), finding('/a', 'a')]).map(({ location, policy }) => [location?.path, policy])).toEqual([['/a', 'a'], ['/a', 'b'], ['/b', 'a']]);
  });
});
