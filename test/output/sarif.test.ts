import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { automationId, fitting, MAX_RESULTS, sarif } from '../../src/output/sarif.js';
import { subjects } from '../../src/output/subjects.js';
import type { SarifLog } from '../../src/output/sarif/log.js';
import { expectGolden } from '../golden.js';
import { evaluation, hostileFindings, many, SHOP_FINDINGS } from './sample.js';

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
  /** In one file, since the validator takes seconds to start. */
  test('a usual image, nothing found, hostile names, no Dockerfile', () => {
    const findings = [SHOP_FINDINGS, [], hostileFindings, SHOP_FINDINGS.map(({ location, ...finding }) => (location?.path === undefined ? finding : { ...finding, location: { path: location.path } }))];
    const logs = findings.map((some) => sarif(evaluation(some), { mask }));
    expect(validate({ ...sarif(evaluation([]), { mask }), runs: logs.flatMap(({ runs }) => runs) })).toEqual([]);
  }, 60_000);

  test('it does find what is wrong', () => {
    const log = sarif(evaluation(SHOP_FINDINGS), { mask });
    const broken = structuredClone(log) as unknown as { runs: { results: { ruleIndex: number }[] }[] };
    for (const result of broken.runs[0]?.results ?? []) result.ruleIndex = 99;
    expect(validate(broken as unknown as SarifLog)).not.toEqual([]);
  }, 60_000);
});

/** Advice that does not hold for us: none so far. */
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
  test('what does not fit is left out from the least grave', () => {
    const noise = (length: number): string => randomBytes(length).toString('base64');
    const all = subjects(many(400));
    const texts = new Map(all.map((subject) => [subject, noise(1_000)]));
    const kept = fitting(all, (some) => some.map((subject) => texts.get(subject)), 100_000);
    expect(gzipSync(JSON.stringify(kept)).length).toBeLessThanOrEqual(100_000);
    expect(kept.length).toBeGreaterThan(60);
    expect(kept).toEqual(all.slice(0, kept.length).map((subject) => texts.get(subject)));
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
