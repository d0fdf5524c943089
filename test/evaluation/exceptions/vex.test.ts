import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../../src/errors.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import type { Evaluation } from '../../../src/evaluation/evaluation.js';
import { loadVex } from '../../../src/evaluation/exceptions/vex.js';
import { readVex } from '../../../src/evaluation/exceptions/readVex.js';
import { context, policyOf } from '../judge.js';
import { readBundle } from '../../../src/evaluation/policy/readBundle.js';
import { answer, image, installed, match } from '../scannedImage.js';

const lodash = installed({ type: 'npm', name: 'lodash', version: '4.17.20' });
const POLICY = readBundle('p.json', policyOf('vulnerabilities', 'package', { package_type: 'all' }));

function run(...documents: unknown[]): Evaluation {
  return runOn('registry.example/team/shop:1.0', ...documents);
}

function runOn(name: string, ...documents: unknown[]): Evaluation {
  const texts = new Map(documents.map((document, index) => [`${index}.json`, JSON.stringify(document)]));
  const vex = readVex([...texts].map(([path, text]) => ({ path, text })));
  const found = match({ id: 'CVE-1', aliases: ['GHSA-1'], package: lodash });
  return evaluate(image({ packages: [lodash], name }), context({ bundles: [POLICY], vex, advisories: answer({ matches: [found] }) }));
}

type Json = Record<string, unknown>;
const purl = (id: string, ...subcomponents: string[]): Json => ({ '@id': id, ...(subcomponents.length === 0 ? {} : { subcomponents: subcomponents.map((one) => ({ '@id': one })) }) });

describe('OpenVEX', () => {
  const statement = (parts: Json = {}): Json => ({
    vulnerability: { name: 'CVE-1' }, products: [purl('pkg:npm/lodash@4.17.20')], status: 'not_affected', justification: 'vulnerable_code_not_in_execute_path', ...parts,
  });
  const document = (statements: Json[], parts: Json = {}): Json => ({ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'x', author: 'a', timestamp: '2026-01-01T00:00:00Z', version: 1, statements, ...parts });

  test.each<[Json, boolean]>([
    [{}, true],
    [{ vulnerability: 'CVE-1' }, true],
    [{ vulnerability: { name: 'GHSA-1' } }, true],
    [{ vulnerability: { '@id': 'https://nvd.nist.gov/vuln/detail/CVE-1' } }, true],
    [{ vulnerability: { name: 'X', aliases: ['CVE-1'] } }, true],
    [{ vulnerability: { name: 'CVE-2' } }, false],
    [{ status: 'fixed', justification: undefined }, true],
    [{ status: 'affected' }, false],
    [{ status: 'under_investigation' }, false],
    [{ justification: undefined, impact_statement: 'Not reachable' }, true],
    [{ justification: undefined }, false],
    [{ products: undefined }, false],
    [{ products: ['pkg:npm/lodash'] }, true],
    [{ products: [purl('pkg:npm/lodash@4.17.21')] }, false],
    [{ products: [{ identifiers: { purl: 'pkg:npm/lodash' } }] }, true],
    [{ products: [purl('pkg:oci/shop?repository_url=registry.example%2Fteam%2Fshop')] }, true],
    [{ products: [purl('pkg:oci/shop?repository_url=registry.example%2Fother%2Fshop')] }, false],
    [{ products: [purl('pkg:oci/shop?repository_url=registry.example%2Fteam')] }, true],
    [{ products: [purl('pkg:oci/shop?repository_url=registry.example')] }, false],
    [{ products: [purl('pkg:docker/team/shop@1.0?repository_url=registry.example')] }, true],
    [{ products: [purl('pkg:docker/team/shop@2.0?repository_url=registry.example')] }, false],
    [{ products: [purl('pkg:docker/team/shop?repository_url=other.example')] }, false],
    [{ products: [purl('pkg:docker/other/shop@1.0')] }, false],
    [{ justification: 'we looked at it' }, false],
    [{ justification: 'we looked at it', impact_statement: 'Never called' }, true],
    [{ justification: 'inline_mitigations_already_exist' }, true],
    // a name is a name, and no pattern
    [{ vulnerability: { name: 'CVE-*' } }, false],
    [{ vulnerability: { name: 'regexp:(' } }, false],
    [{ products: [purl('pkg:oci/shop', 'pkg:npm/lodash')] }, true],
    [{ products: [purl('pkg:oci/shop', 'pkg:npm/express')] }, false],
    [{ products: [purl('pkg:oci/other', 'pkg:npm/lodash')] }, false],
    [{ products: [purl(`pkg:oci/shop@sha256:${'d'.repeat(64)}`)] }, true],
    [{ products: [purl(`pkg:oci/shop@sha256:${'e'.repeat(64)}`)] }, false],
    [{ products: [purl('pkg:oci/shop?tag=1.0')] }, true],
    [{ products: [purl('pkg:oci/shop?tag=2.0')] }, false],
    [{ products: [purl('registry.example/team/shop:1.0')] }, true],
    [{ products: [purl('pkg:npm/absent', 'pkg:npm/lodash')] }, false],
  ])('%j', (parts, accepted) => {
    const { findings, verdict } = run(document([statement(parts)]));
    expect(verdict).toBe(accepted ? 'go' : 'stop');
    expect(findings[0]?.suppressed?.by).toBe(accepted ? 'vex' : undefined);
  });

  test.each([
    ['nginx:1', 'pkg:oci/nginx?repository_url=index.docker.io/library/nginx', true],
    ['docker.io/library/nginx:1', 'pkg:oci/nginx?repository_url=docker.io/library/nginx', true],
    ['docker.io/library/nginx:1', 'pkg:docker/nginx@1', true],
    ['nginx:1', 'pkg:oci/nginx?repository_url=docker.io/somebody/nginx', false],
  ])('%s is %s: %j', (name, id, accepted) => {
    expect(runOn(name, document([statement({ products: [purl(id)] })])).verdict).toBe(accepted ? 'go' : 'stop');
  });

  test('the reason is told', () => {
    expect(run(document([statement({ impact_statement: 'Never called' })])).findings[0]?.suppressed).toEqual({
      by: 'vex', id: 'CVE-1', reason: 'not_affected: vulnerable_code_not_in_execute_path: Never called',
    });
  });

  test('the latest statement holds, whichever document it is in', () => {
    const later = statement({ status: 'affected', timestamp: '2026-06-01T00:00:00Z' });
    expect(run(document([later, statement()])).verdict).toBe('stop');
    expect(run(document([later]), document([statement()], { timestamp: '2026-07-01T00:00:00Z' })).verdict).toBe('go');
  });

  test('a statement that accepts nothing is told', () => {
    expect(run(document([statement({ justification: undefined })])).notices).toEqual([expect.stringMatching(/^0\.json, line 1: the statement about CVE-1 gives neither a justification/)]);
  });
});

describe('CycloneDX', () => {
  const document = (vulnerability: Json, parts: Json = {}): Json => ({
    bomFormat: 'CycloneDX', specVersion: '1.6',
    metadata: { component: { 'bom-ref': 'image', type: 'container', name: 'registry.example/team/shop', version: '1.0' } },
    components: [{ type: 'library', name: 'app', components: [{ 'bom-ref': 'lodash-ref', type: 'library', name: 'lodash', purl: 'pkg:npm/lodash@4.17.20' }] }],
    vulnerabilities: [{ id: 'CVE-1', analysis: { state: 'not_affected', justification: 'code_not_reachable' }, affects: [{ ref: 'lodash-ref' }], ...vulnerability }],
    ...parts,
  });
  test.each<[Json, boolean]>([
    [{}, true],
    [{ id: 'X', references: [{ id: 'GHSA-1' }] }, true],
    [{ affects: [{ ref: 'pkg:npm/lodash@4.17.20' }] }, true],
    [{ affects: [{ ref: 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2Flodash%404.17.20' }] }, true],
    [{ affects: [{ ref: 'image' }] }, true],
    [{ affects: [{ ref: 'unknown' }] }, false],
    [{ affects: [{ ref: 'lodash-ref', versions: [{ version: '1', status: 'affected' }] }] }, false],
    [{ analysis: { state: 'false_positive' } }, true],
    [{ analysis: { state: 'resolved' } }, true],
    [{ analysis: { state: 'not_affected' } }, false],
    [{ analysis: { state: 'exploitable' } }, false],
    [{ analysis: { state: 'in_triage' } }, false],
    [{ analysis: undefined }, false],
  ])('%j', (parts, accepted) => {
    expect(run(document(parts)).verdict).toBe(accepted ? 'go' : 'stop');
  });
});

test.each([
  ['{"a": 1}', /is no VEX document/],
  ['<bom/>', /is XML/],
  ['{"@context": "x", "statements": [{"status": "maybe"}]}', /this is no OpenVEX document: statements\.0\./],
  ['{"bomFormat": "SPDX"}', /this is no CycloneDX document/],
])('%j is refused', (text, message) => {
  expect(() => readVex([{ path: 'v.json', text }])).toThrow(InputError);
  expect(() => readVex([{ path: 'v.json', text }])).toThrow(message);
});

test('a document that is named has to be there', async () => {
  await expect(loadVex(['none.json'], () => undefined)).rejects.toThrow(/There is no VEX document "none.json"/);
  await expect(loadVex([], () => undefined)).resolves.toEqual({ entries: [], notices: [] });
});
