import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { analyze, type Analyzed } from '../../../src/analyze.js';
import { EmbeddedBackend } from '../../../src/backend/embedded.js';
import { readCheck } from '../../../src/backend/sysdig/check.js';
import { evaluationOf } from '../../../src/backend/sysdig/evaluation.js';
import { readPolicyNames } from '../../../src/backend/sysdig/policies.js';
import { readVulnerabilities } from '../../../src/backend/sysdig/vulnerabilities.js';
import { openAdvisories } from '../../../src/evaluation/advisories/open.js';
import type { Evaluation, Finding } from '../../../src/evaluation/evaluation.js';
import { NO_EXCEPTIONS } from '../../../src/evaluation/exceptions/exception.js';
import { loadPolicies } from '../../../src/evaluation/policy/loadPolicies.js';
import { checkAnswer, policyEvaluationAnswer, vulnerabilityRecord } from '../../../src/serve/api/anchoreAnswers.js';

const path = (relative: string): string => fileURLToPath(new URL(`../../../${relative}`, import.meta.url));
const TOOL = { name: 'inline-scan', version: 'test' };

/** The sample image, evaluated here; and the same evaluation as a backend would tell it and the client understand it. */
let analyzed: Analyzed;
let here: Evaluation;
let there: Evaluation;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'inline-scan-shape-'));
  const host = { env: {}, platform: process.platform, workspace: folder, now: () => new Date(), say: () => undefined, progress: () => undefined };
  analyzed = await analyze({ source: { archive: path('examples/shop/shop.tar.gz') }, platform: '', name: '', dockerfile: '', target: '', cache: false, analysis: { analyzers: [], analyzerConfig: '' } }, folder, host);
  const advisories = await openAdvisories(path('examples/advisories'), { cacheDir: join(folder, 'advisories'), signal: undefined, now: host.now, onProgress: () => undefined, env: {} });
  const embedded = new EmbeddedBackend({ bundles: await loadPolicies(['default'], () => undefined), exceptions: NO_EXCEPTIONS, vex: NO_EXCEPTIONS, advisories, tool: TOOL, now: host.now, onExplained: () => undefined });
  here = await embedded.evaluate(analyzed);
  const { matches } = await advisories?.match(analyzed.image.packages, analyzed.image.distro) ?? { matches: [] };
  await advisories?.close();
  const { image } = analyzed;
  // through JSON, as over the network
  const told = <T>(answer: T): unknown => JSON.parse(JSON.stringify(answer)) as unknown;
  const checked = readCheck(told(checkAnswer({ evaluation: here, name: image.name, account: 'me', policyId: 'default', detail: true, bundle: {} })), image.digest, image.name);
  const vulnerabilities = readVulnerabilities(told({ vulns: matches.map((match) => vulnerabilityRecord(match, 'x')) }));
  const names = readPolicyNames(told(policyEvaluationAnswer(here)));
  expect(vulnerabilities?.unreadable).toBe(0);
  there = evaluationOf({ image, checked: { ...checked, policyNames: names ?? new Map() }, vulnerabilities: vulnerabilities?.vulnerabilities ?? [], problems: [], notices: [], url: 'https://x', tool: TOOL, now: host.now() });
}, 60_000);

describe('an evaluation that a backend made', () => {
  test('has the verdict, the counts, the severities and the policies of one that was made here', () => {
    const of = ({ verdict, status, reason, counts, policies, image }: Evaluation): unknown => ({ verdict, status, reason, counts, policies, image });
    expect(of(there)).toEqual(of(here));
    expect(here.counts.severity).toMatchObject({ high: expect.any(Number) });
    expect(Object.values(here.counts.severity).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  test('names in each finding the same vulnerability, package, layer and place', () => {
    const of = ({ findings }: Evaluation): unknown => findings.map(({ id, policy, gate, trigger, action, message, vulnerability, location }) => ({
      id, policy, gate, trigger, action, message, layer: location?.layer,
      ...(vulnerability === undefined ? {} : { vulnerability: essence(vulnerability), path: location?.path }),
    }));
    const essence = ({ id, severity, package: found, fixedIn, url }: NonNullable<Finding['vulnerability']>): unknown => ({ id, severity, package: found, fixedIn, url });
    expect(of(there)).toEqual(of(here));
    expect(there.findings.filter(({ vulnerability }) => vulnerability !== undefined).length).toBeGreaterThan(0);
  });
});
