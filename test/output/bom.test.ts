import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import { bom } from '../../src/output/bom.js';
import { spdx } from '../../src/output/spdx.js';
import { expectGolden, fixture } from '../golden.js';
import { evaluation, HOSTILE, hostileFindings, image, SHOP_FINDINGS } from './sample.js';

/** CycloneDX's own schema, as its official library carries it. */
function cycloneDx(): ValidateFunction {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')), 'res', 'schema');
  const schema = (name: string): AnySchema => JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8')) as AnySchema;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  for (const name of ['spdx', 'jsf-0.82']) ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  return ajv.compile(schema('bom-1.6'));
}

function spdxSchema(): ValidateFunction {
  return new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(JSON.parse(readFileSync(fixture('output/spdx-2.3.schema.json'), 'utf8')) as AnySchema);
}

const hostileImage = image({ packages: HOSTILE.map((text, number) => ({ ...(image().packages[0] ?? (() => { throw new Error('none'); })()), name: text, version: text, purl: '', path: `/${text}`, licenses: [text], layer: number % 5, dependencies: HOSTILE })) });

/** Compiled once: it takes seconds. */
function once(compile: () => ValidateFunction): () => ValidateFunction {
  let compiled: ValidateFunction | undefined;
  return () => (compiled ??= compile());
}

describe.each<[string, () => ValidateFunction, typeof bom]>([['CycloneDX 1.6', once(cycloneDx), bom], ['SPDX 2.3', once(spdxSchema), spdx]])('%s', (format, schema, write) => {
  test.each<[string, Parameters<typeof bom>]>([
    ['a usual image', [evaluation(SHOP_FINDINGS), image()]],
    ['hostile names', [evaluation(hostileFindings), hostileImage]],
    ['a foreign report', [evaluation([]), image({ layers: [], history: [], digest: '', packages: [], distro: { id: '', version: '', like: [] } })]],
  ])('is valid for %s', (_what, [findings, scanned]) => {
    const validate = schema();
    validate(JSON.parse(write(findings, scanned)));
    expect(validate.errors ?? []).toEqual([]);
  });
  test('the schema does find what is wrong', () => {
    const validate = schema();
    expect(validate({ ...(JSON.parse(write(evaluation([]), image())) as object), specVersion: 1, bomFormat: 'x', spdxVersion: 3, packages: 'none' })).toBe(false);
  });
  test('is the same for the same, whatever the order of the packages', () => {
    const reversed = image({ packages: [...image().packages].reverse() });
    expect(write(evaluation(SHOP_FINDINGS), reversed)).toBe(write(evaluation(SHOP_FINDINGS), image()));
  });
  test('as written', () => expectGolden(`output/webshop.${format.startsWith('SPDX') ? 'spdx' : 'cdx'}.json`, write(evaluation(SHOP_FINDINGS), image())));
});

interface Bill {
  components: { 'bom-ref': string; name: string; version: string; hashes?: { content: string }[]; licenses?: unknown[] }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
  vulnerabilities: { id: string; affects: { ref: string }[]; analysis: { state: string; detail?: string } }[];
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
