import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { automationId, MAX_RESULTS, sarif } from '../../src/output/sarif.js';
import type { SarifLog } from '../../src/output/sarif/log.js';
import { expectGolden } from '../golden.js';
import { evaluation, hostileFindings, many, SHOP_FINDINGS, vulnerable } from './sample.js';

const mask = (text: string): string => text;

/** Errors and warnings of Microsoft's validator: the rules of SARIF and those of GitHub Advanced Security. */
function validate(log: SarifLog): string[] {
  const require = createRequire(import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'sarif-'));
  try {
    writeFileSync(join(folder, 'results.sarif'), JSON.stringify(log));
    // The wrapper of the npm package goes through a shell, which parts `Sarif;Ghas`: so the program itself.
    const program = (require('@microsoft/sarif-multitool') as string).replace(/^"|"$/g, '');
    const ran = spawnSync(program, ['validate', join(folder, 'results.sarif'), '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning', '--output', join(folder, 'out.sarif'), '--log', 'ForceOverwrite'], { encoding: 'utf8', cwd: dirname(folder) });
    if (ran.error !== undefined) throw ran.error;
    const told = JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8').replace(/^\uFEFF/, '')) as { runs: { results?: { ruleId: string; level?: string; message: { arguments?: string[] }; locations?: { physicalLocation?: { region?: { snippet?: { text?: string } } } }[] }[]; invocations?: { toolExecutionNotifications?: { level?: string; message: { text: string } }[] }[] }[] };
    const broken = told.runs.flatMap((run) => run.invocations ?? []).flatMap((one) => one.toolExecutionNotifications ?? []).filter(({ level }) => level === 'error').map(({ message }) => message.text);
    return [...broken, ...told.runs.flatMap((run) => run.results ?? []).map(({ ruleId, level, message }) => `${level ?? 'warning'} ${ruleId} ${JSON.stringify(message.arguments)}`)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the validator that GitHub names finds nothing', () => {
  test.each<[string, () => SarifLog]>([
    ['a usual image', () => sarif(evaluation(SHOP_FINDINGS), { mask })],
    ['nothing found', () => sarif(evaluation([]), { mask })],
    ['hostile names', () => sarif(evaluation(hostileFindings), { mask })],
    ['no Dockerfile', () => sarif(evaluation(SHOP_FINDINGS.map(({ location, ...finding }) => (location?.path === undefined ? finding : { ...finding, location: { path: location.path } }))), { mask })],
  ])('%s', (_what, log) => expect(validate(log()).filter((line) => !LEFT.test(line))).toEqual([]), 60_000);

  test('it does find what is wrong', () => {
    const log = sarif(evaluation(SHOP_FINDINGS), { mask });
    const broken = structuredClone(log) as unknown as { runs: { results: { ruleIndex: number }[] }[] };
    for (const result of broken.runs[0]?.results ?? []) result.ruleIndex = 99;
    expect(validate(broken as unknown as SarifLog)).not.toEqual([]);
  }, 60_000);
});

/** Advice that does not hold for us: none so far. */
const LEFT = /^$/;

test('a usual image, as written', () => {
  expectGolden('output/webshop.sarif', `${JSON.stringify(sarif(evaluation(SHOP_FINDINGS), { mask }), null, 1)}\n`);
});

describe('limits', () => {
  test('of 30,000 findings the gravest are told, and how many there are', () => {
    const log = sarif(evaluation(many(30_000)), { mask });
    const run = log.runs[0];
    expect(run?.results).toHaveLength(MAX_RESULTS);
    expect(run?.results.filter(({ level }) => level === 'error')).toHaveLength(5_000);
    expect(run?.tool.driver.rules.length).toBeLessThanOrEqual(25_000);
    expect(run?.invocations[0]?.toolExecutionNotifications?.[0]?.message.text).toBe('The gravest 25,000 of 30,000 findings are told here, since code scanning takes no more. evaluation.json has all of them.');
    expect(gzipSync(JSON.stringify(log)).length).toBeLessThan(10_000_000);
    expect(Math.max(...(run?.tool.driver.rules ?? []).map(({ properties }) => properties.tags.length))).toBeLessThanOrEqual(10);
  });
  test('text that does not compress is left out from the least grave, down to 10 MB', () => {
    let state = 1;
    const noise = (length: number): string => Array.from({ length }, () => String.fromCodePoint(0x4e00 + ((state = (state * 48271) % 2147483647) % 20_000))).join('');
    const findings = Array.from({ length: 4_000 }, (_, number) => vulnerable(`CVE-1-${number}`, number < 10 ? 'critical' : 'low', `p${number}`, '1', [], 3, {}, { summary: noise(890) }));
    const log = sarif(evaluation(findings), { mask });
    expect(gzipSync(JSON.stringify(log)).length).toBeLessThan(10_000_000);
    expect(log.runs[0]?.results.filter(({ level }) => level === 'error')).toHaveLength(10);
  });
});

test('what two policies tell is one result; what is suppressed is told so', () => {
  const [first] = SHOP_FINDINGS;
  if (first === undefined) throw new Error('no finding');
  const twice = sarif(evaluation([first, { ...first, policy: 'nist', rule: 'x', action: 'warn' }]), { mask }).runs[0]?.results;
  expect(twice).toHaveLength(1);
  expect(twice?.[0]?.level).toBe('error');
  expect(twice?.[0]?.properties['rules']).toEqual(['default/vulnerabilities-critical', 'nist/x']);
  const all = sarif(evaluation(SHOP_FINDINGS), { mask }).runs[0]?.results ?? [];
  expect(all.filter(({ suppressions }) => suppressions !== undefined).map(({ ruleId, suppressions }) => [ruleId, suppressions?.[0]?.justification])).toEqual([['CVE-2023-4911', 'No set-user-ID program is run here (exception CVE-2023-4911, until 2027-01-31)']]);
  expect(sarif(evaluation(SHOP_FINDINGS), { mask, suppressed: false }).runs[0]?.results).toHaveLength(all.length - 1);
  expect(new Set(all.map(({ partialFingerprints }) => partialFingerprints['primaryLocationLineHash'])).size).toBe(all.length);
});

test('secrets in instructions are masked', () => {
  const log = sarif(evaluation(SHOP_FINDINGS), { mask: (text) => text.replaceAll('deploy_key', '***') });
  expect(JSON.stringify(log)).not.toContain('deploy_key');
});

test.each([
  ['shop:3f2c1a9d', 'inline-scan/shop/'], ['shop:latest', 'inline-scan/shop/'], ['shop:alpine', 'inline-scan/shop:alpine/'], ['shop:pr-12', 'inline-scan/shop/'], ['shop:deadbeef', 'inline-scan/shop/'],
  ['registry.example:5000/a/b', 'inline-scan/registry.example:5000/a/b/'], ['registry.example:5000/a/b:1.0@sha256:00', 'inline-scan/registry.example:5000/a/b/'],
])('%s is kept apart as %s', (name, id) => expect(automationId(name)).toBe(id));
