import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { HOMEPAGE } from '../../src/tool.js';
import { automationId, fitting, MAX_RESULTS, sarif } from '../../src/output/sarif.js';
import { subjects } from '../../src/output/subjects.js';
import type { SarifLog } from '../../src/output/sarif/log.js';
import { expectGolden } from '../golden.js';
import { evaluation, hostileFindings, many, SHOP_FINDINGS } from './sample.js';

const mask = (text: string): string => text;

interface Told {
  readonly runs: readonly {
    readonly results?: readonly { readonly ruleId: string; readonly level?: string; readonly message: { readonly arguments?: readonly string[] }; readonly locations?: readonly { readonly physicalLocation?: { readonly artifactLocation?: { readonly uri?: string; readonly index?: number } } }[] }[];
    readonly artifacts?: readonly { readonly location?: { readonly uri?: string } }[];
    readonly invocations?: readonly { readonly toolExecutionNotifications?: readonly { readonly level?: string; readonly message: { readonly text: string } }[] }[];
  }[];
}

/** Errors and warnings of Microsoft's validator on each log: the rules of SARIF and those of GitHub Advanced Security. All at once, since it takes seconds to start. */
function validate(logs: Readonly<Record<string, SarifLog>>): Record<string, string[]> {
  const require = createRequire(import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'sarif-'));
  try {
    const files = Object.entries(logs).map(([name, log]) => {
      writeFileSync(join(folder, `${name}.sarif`), JSON.stringify(log));
      return join(folder, `${name}.sarif`);
    });
    // The wrapper of the npm package goes through a shell, which parts `Sarif;Ghas`: so the program itself.
    const program = (require('@microsoft/sarif-multitool') as string).replace(/^"|"$/g, '');
    const ran = spawnSync(program, ['validate', ...files, '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning', '--output', join(folder, 'out.sarif'), '--log', 'ForceOverwrite'], { encoding: 'utf8', cwd: dirname(folder) });
    if (ran.error !== undefined) throw ran.error;
    const told = JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8').replace(/^\uFEFF/, '')) as Told;
    const broken = told.runs.flatMap((run) => run.invocations ?? []).flatMap((one) => one.toolExecutionNotifications ?? []).filter(({ level }) => level === 'error').map(({ message }) => message.text);
    expect(broken).toEqual([]);
    const results = told.runs.flatMap((run) => (run.results ?? []).map(({ ruleId, level, message, locations }) => {
      const at = locations?.[0]?.physicalLocation?.artifactLocation;
      return { file: at?.uri ?? run.artifacts?.[at?.index ?? -1]?.location?.uri ?? '', text: `${level ?? 'warning'} ${ruleId} ${JSON.stringify(message.arguments)}` };
    }));
    return Object.fromEntries(Object.keys(logs).map((name) => [name, results.filter(({ file }) => file.endsWith(`/${name}.sarif`) || file === `${name}.sarif`).map(({ text }) => text)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the validator that GitHub names finds nothing in a usual image, nothing found, hostile names, no Dockerfile; and does find what is wrong', () => {
  const findings = { usual: SHOP_FINDINGS, nothing: [], hostile: hostileFindings, foreign: SHOP_FINDINGS.map(({ location, ...finding }) => (location?.path === undefined ? finding : { ...finding, location: { path: location.path } })) };
  const logs = Object.fromEntries(Object.entries(findings).map(([name, some]) => [name, sarif(evaluation(some), { mask })]));
  const broken = structuredClone(sarif(evaluation(SHOP_FINDINGS), { mask })) as unknown as { runs: { results: { ruleIndex: number }[] }[] };
  for (const result of broken.runs[0]?.results ?? []) result.ruleIndex = 99;
  const { wrong, ...right } = validate({ ...logs, wrong: broken as unknown as SarifLog });
  expect(right).toEqual({ usual: [], nothing: [], hostile: [], foreign: [] });
  expect(wrong).not.toEqual([]);
}, 120_000);

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

test('the address and the name of the tool are package.json\'s', () => {
  const { homepage } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { homepage: string };
  expect(HOMEPAGE).toBe(homepage);
  expect(sarif(evaluation([]), { mask }).runs[0]?.tool.driver.informationUri).toBe(homepage);
});

/** What github.md and GitHub's own pages say that code scanning takes. */
test.each<[string, Parameters<typeof evaluation>[0]]>([['a usual image', SHOP_FINDINGS], ['hostile names', hostileFindings], ['many', many(300)]])('%s: every limit and form that code scanning names', (_, findings) => {
  const log = sarif(evaluation(findings), { mask });
  expect(log.runs).toHaveLength(1);
  for (const { tool: { driver }, results, automationDetails } of log.runs) {
    expect(automationDetails.id).toMatch(/^[\w./:@-]+\/$/);
    expect(new Set(driver.rules.map(({ id }) => id)).size).toBe(driver.rules.length);
    for (const { id, properties, help, helpUri = 'https://x', defaultConfiguration, name, shortDescription, fullDescription } of driver.rules) {
      expect(Math.max(id.length, name.length)).toBeLessThanOrEqual(255);
      expect(properties.tags).toContain('security');
      expect(properties.tags.length).toBeLessThanOrEqual(20);
      expect(Number(properties['security-severity'])).toBeGreaterThan(0);
      expect(Number(properties['security-severity'])).toBeLessThanOrEqual(10);
      expect(['error', 'warning', 'note']).toContain(defaultConfiguration.level);
      for (const text of [name, properties.precision, help.text, help.markdown ?? '', shortDescription.text, fullDescription.text]) expect(text).not.toBe('');
      expect(Math.max(shortDescription.text.length, fullDescription.text.length)).toBeLessThanOrEqual(1024);
      expect(URL.canParse(helpUri)).toBe(true);
    }
    for (const { ruleId, ruleIndex, locations, partialFingerprints } of results) {
      expect(driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(locations).toHaveLength(1);
      for (const { physicalLocation: { artifactLocation: { uri, uriBaseId }, region } } of locations) {
        expect(uriBaseId).toBe('%SRCROOT%');
        expect(uri).toMatch(/^(?:[\w!~*'().-]|%[0-9A-F]{2})(?:[\w!~*'()./-]|%[0-9A-F]{2})*$/);
        expect(`/${uri}/`).not.toMatch(/\/\.{1,2}\/|\/\//);
        expect(region.startLine).toBeGreaterThanOrEqual(1);
        expect(region.endLine).toBeGreaterThanOrEqual(region.startLine);
      }
      expect(partialFingerprints['primaryLocationLineHash']).toMatch(/^[0-9a-f]{32}:1$/);
    }
  }
});

test('severities fall into the bands that code scanning sorts by', () => {
  const rules = sarif(evaluation(many(60)), { mask }).runs[0]?.tool.driver.rules ?? [];
  expect(rules).toHaveLength(60);
  for (const { properties } of rules) {
    const score = Number(properties['security-severity']);
    const [least, most] = properties.tags.includes('critical') ? [9.1, 10] : properties.tags.includes('high') ? [7, 8.9] : properties.tags.includes('medium') ? [4, 6.9] : [0.1, 3.9];
    expect([least <= score, score <= most]).toEqual([true, true]);
  }
});
