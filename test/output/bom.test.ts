import { readFileSync } from 'node:fs';
import { Version } from '@cyclonedx/cyclonedx-library/Spec';
import { isSupportedSpdxId } from '@cyclonedx/cyclonedx-library/SPDX';
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation';
import { describe, expect, test } from '@jest/globals';
import { Ajv, type AnySchema } from 'ajv';
import ids from 'spdx-license-ids/index.json' with { type: 'json' };
import { bom } from '../../src/output/bom.js';
import { spdx } from '../../src/output/spdx.js';
import { expectGolden, fixture } from '../golden.js';
import { asTheLibraryWrites } from './libraryBom.js';
import { evaluation, HOSTILE, hostileFindings, image, SHOP_FINDINGS, vulnerable } from './sample.js';

/** What is wrong with a document: nothing, or something. */
type Validate = (text: string) => Promise<unknown>;

/** CycloneDX's official library, with its schema. */
function cycloneDx(): Validate {
  const validator = new JsonStrictValidator(Version.v1dot6);
  return (text) => validator.validate(text);
}

function spdxSchema(): Validate {
  const valid = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(JSON.parse(readFileSync(fixture('output/spdx-2.3.schema.json'), 'utf8')) as AnySchema);
  return async (text) => (valid(JSON.parse(text)) ? null : valid.errors);
}

const hostileImage = image({ packages: HOSTILE.map((text, number) => ({ ...(image().packages[0] ?? (() => { throw new Error('none'); })()), name: text, version: text, purl: '', path: `/${text}`, licenses: [text], layer: number % 5, dependencies: HOSTILE })) });

/** Compiled once: it takes seconds. */
function once(compile: () => Validate): () => Validate {
  let compiled: Validate | undefined;
  return () => (compiled ??= compile());
}

describe.each<[string, () => Validate, typeof bom]>([['CycloneDX 1.6', once(cycloneDx), bom], ['SPDX 2.3', once(spdxSchema), spdx]])('%s', (format, schema, write) => {
  test.each<[string, Parameters<typeof bom>]>([
    ['a usual image', [evaluation(SHOP_FINDINGS), image()]],
    ['hostile names', [evaluation(hostileFindings), hostileImage]],
    ['a foreign report', [evaluation([]), image({ layers: [], history: [], digest: '', packages: [], distro: { id: '', version: '', like: [] } })]],
  ])('is valid for %s', async (_what, [findings, scanned]) => {
    expect(await schema()(write(findings, scanned))).toBeNull();
  });
  test('the schema does find what is wrong', async () => {
    const wrong = { ...(JSON.parse(write(evaluation([]), image())) as object), specVersion: 1, bomFormat: 'x', spdxVersion: 3, packages: 'none' };
    expect(await schema()(JSON.stringify(wrong))).not.toBeNull();
  });
  test('is the same for the same, whatever the order of the packages', () => {
    const reversed = image({ packages: [...image().packages].reverse() });
    expect(write(evaluation(SHOP_FINDINGS), reversed)).toBe(write(evaluation(SHOP_FINDINGS), image()));
  });
  test('as written', () => expectGolden(`output/webshop.${format.startsWith('SPDX') ? 'spdx' : 'cdx'}.json`, write(evaluation(SHOP_FINDINGS), image())));
});

test.each<[string, Parameters<typeof bom>]>([
  ['a usual image', [evaluation(SHOP_FINDINGS), image()]],
  ['hostile names', [evaluation(hostileFindings), hostileImage]],
  ['a foreign report', [evaluation([]), image({ layers: [], history: [], digest: '', packages: [], distro: { id: '', version: '', like: [] } })]],
])('is, byte for byte, what the official library writes of %s', (_what, [findings, scanned]) => {
  const text = bom(findings, scanned);
  expect(asTheLibraryWrites(text)).toBe(text);
});

test('every licence that is told by its id is one that the schema lists', () => {
  expect(ids.filter((id) => !isSupportedSpdxId(id))).toEqual([]);
});

interface Bill {
  components: { 'bom-ref': string; name: string; version: string; hashes?: { content: string }[]; licenses?: unknown[] }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
  vulnerabilities: { id: string; source: { name: string; url?: string }; affects: { ref: string; versions: { status: string }[] }[]; analysis: { state: string; detail?: string } }[];
}

test('what affects what, who needs whom, and what was decided', () => {
  const bill = JSON.parse(bom(evaluation(SHOP_FINDINGS), image())) as Bill;
  const ref = (name: string, version: string): string => bill.components.find((one) => one.name === name && one.version === version)?.['bom-ref'] ?? 'none';
  expect(bill.vulnerabilities.find(({ id }) => id === 'CVE-2021-44906')?.affects.map((one) => one.ref)).toEqual([ref('minimist', '1.2.0')]);
  expect(bill.vulnerabilities.find(({ id }) => id === 'CVE-2023-4911')?.analysis).toEqual({ state: 'exploitable', response: ['will_not_fix'], detail: 'No set-user-ID program is run here (exception CVE-2023-4911, until 2027-01-31)' });
  // The copy within mkdirp's own node_modules is the one that mkdirp uses.
  expect(bill.dependencies.find((one) => one.ref === ref('mkdirp', '0.5.1'))?.dependsOn).toEqual([ref('minimist', '0.0.8')]);
  expect(bill.components.find(({ name }) => name === 'log4j-core')?.hashes?.map(({ content }) => content)).toEqual(['b'.repeat(64)]);
  expect(bill.components.find(({ name }) => name === 'apt')?.hashes).toBeUndefined();
  expect(new Set(bill.components.map((one) => one['bom-ref'])).size).toBe(bill.components.length);
});

describe('what VEX says', () => {
  test.each([
    ['not_affected: vulnerable_code_not_in_execute_path: never called', { state: 'not_affected', justification: 'code_not_reachable' }],
    ['not_affected: component_not_present', { state: 'not_affected', justification: 'code_not_present' }],
    ['not_affected: inline_mitigations_already_exist', { state: 'not_affected', justification: 'protected_by_mitigating_control' }],
    ['not_affected: vulnerable_code_cannot_be_controlled_by_adversary', { state: 'not_affected' }],
    ['not_affected: code_not_present: not built in', { state: 'not_affected', justification: 'code_not_present' }],
    ['not_affected: it will be fixed later', { state: 'not_affected' }],
    ['fixed', { state: 'resolved' }], ['fixed: patched here', { state: 'resolved' }], ['resolved: in our build', { state: 'resolved' }],
    ['resolved_with_pedigree', { state: 'resolved_with_pedigree' }], ['false_positive: another project', { state: 'false_positive' }], ['', { state: 'not_affected' }],
  ])('%s', async (reason, expected) => {
    const finding = vulnerable('CVE-2020-8203', 'high', 'lodash', '4.17.11', [], 3, { suppressed: { by: 'vex', id: 'vex.json', reason } });
    const text = bom(evaluation([finding]), image());
    expect(await new JsonStrictValidator(Version.v1dot6).validate(text)).toBeNull();
    const [found] = (JSON.parse(text) as Bill).vulnerabilities;
    expect(found?.analysis).toEqual({ ...expected, detail: `${reason} (vex vex.json)` });
    expect(found?.affects.map(({ versions }) => versions.map(({ status }) => status))).toEqual([['unaffected']]);
  });
});

test('an identifier is told with who gave it', () => {
  const sources = ['CVE-2020-8203', 'GHSA-p6mc-m468-83gw', 'DLA-1-1', 'CVE-x" y'].map((id) => {
    const bill = JSON.parse(bom(evaluation([vulnerable(id, 'high', 'lodash', '4.17.11', [], 3)]), image())) as Bill;
    return bill.vulnerabilities[0]?.source;
  });
  expect(sources).toEqual([
    { name: 'NVD', url: 'https://nvd.nist.gov/vuln/detail/CVE-2020-8203' }, { name: 'GitHub Advisories', url: 'https://github.com/advisories/GHSA-p6mc-m468-83gw' },
    { name: 'OSV', url: 'https://osv.dev/vulnerability/DLA-1-1' }, { name: 'OSV', url: 'https://osv.dev/vulnerability/CVE-x%22%20y' },
  ]);
});

test('licences in SPDX: what an expression refers to is declared, or the whole is a name', () => {
  const [one] = image().packages;
  if (one === undefined) throw new Error('none');
  const stated = ['LicenseRef-Foo OR MIT', 'DocumentRef-a:LicenseRef-b', 'MIT+', 'GPL-2.0+ OR MIT', 'MIT AND', 'MIT OR Apache-2.0'];
  const packages = stated.map((license, index) => ({ ...one, name: `p${index}`, purl: '', licenses: [license], dependencies: [] }));
  const document = JSON.parse(spdx(evaluation([]), image({ packages }))) as { packages: { name: string; licenseDeclared: string }[]; hasExtractedLicensingInfos: { licenseId: string; extractedText: string }[] };
  const declared = document.packages.slice(1).map(({ licenseDeclared }) => licenseDeclared);
  const own = new Map(document.hasExtractedLicensingInfos.map(({ licenseId, extractedText }) => [licenseId, extractedText]));
  expect(declared.map((text) => text.replace(/LicenseRef-[0-9a-f]{16}/, (id) => `«${own.get(id)}»`))).toEqual(['LicenseRef-Foo OR MIT', '«DocumentRef-a:LicenseRef-b»', '«MIT+»', 'GPL-2.0+ OR MIT', '«MIT AND»', 'MIT OR Apache-2.0']);
  for (const [reference] of declared.join(' ').matchAll(/LicenseRef-[\w.-]+/g)) expect(own.has(reference)).toBe(true);
});

test.each([['CycloneDX', bom], ['SPDX', spdx]])('%s: half characters are no half characters there, backslashes stay', (_, write) => {
  const [one] = image().packages;
  if (one === undefined) throw new Error('none');
  const text = write(evaluation([]), image({ packages: ['a\udcffb', '\\ud800', '\\\udcff', '\u{1f600}'].map((name) => ({ ...one, name, purl: '', dependencies: [] })) }));
  const names = (JSON.parse(text) as { components?: { name: string }[]; packages?: { name: string }[] });
  const found = (names.components ?? names.packages ?? []).map(({ name }) => name);
  for (const name of ['a\ufffdb', '\\ud800', '\\\ufffd', '\u{1f600}']) expect(found).toContain(name);
  expect(Buffer.from(text).toString()).toBe(text);
});
