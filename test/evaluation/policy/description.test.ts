import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { BUILT_IN } from '../../../src/evaluation/policy/builtin/index.js';
import { describeGates, gatesText } from '../../../src/evaluation/policy/describeGates.js';
import { GATES } from '../../../src/evaluation/policy/gates/index.js';
import { gatesDocument } from '../../../src/evaluation/policy/gatesDocument.js';
import { readParameters } from '../../../src/evaluation/policy/parameter.js';
import { policySchema } from '../../../src/evaluation/policy/policySchema.js';

const validate = new Ajv({ strict: false, allErrors: true }).compile(policySchema());

test('there are the thirteen gates of the specification, and one of ours', () => {
  expect(GATES.filter(({ extension }) => !extension).map(({ name }) => name).sort()).toEqual([
    'always', 'dockerfile', 'files', 'licenses', 'malware', 'metadata', 'npms', 'packages', 'passwd_file', 'retrieved_files', 'ruby_gems', 'secret_scans', 'vulnerabilities',
  ]);
  expect(GATES.filter(({ extension }) => extension).map(({ name }) => name)).toEqual(['distro']);
});

describe('every parameter', () => {
  const parameters = GATES.flatMap((gate) => gate.triggers.flatMap((trigger) => (
    Object.entries(trigger.parameters).map(([name, parameter]) => ({ where: `${gate.name}.${trigger.name} ${name}`, name, parameter }))
  )));
  test.each(parameters)('$where has an example that is valid', ({ parameter }) => {
    expect(() => parameter.read(parameter.example)).not.toThrow();
    if (parameter.default !== undefined) expect(() => parameter.read(parameter.default as string)).not.toThrow();
    if (parameter.pattern !== undefined) expect(parameter.example).toMatch(new RegExp(parameter.pattern));
  });

  test('names are read in whatever case, and all that is missing has its default', () => {
    const trigger = GATES.find(({ name }) => name === 'files')?.triggers.find(({ name }) => name === 'attribute_match');
    expect(readParameters(trigger?.parameters ?? {}, [{ name: 'FileName', value: '/a' }])).toMatchObject({ filename: '/a', skip_missing: true, checksum_match: 'equals', mode: undefined });
  });
});

test('docs/gates.md and docs/policy.schema.json are as scripts/gates-docs.js writes them', () => {
  expect(readFileSync('docs/gates.md', 'utf8')).toBe(gatesDocument());
  expect(readFileSync('docs/policy.schema.json', 'utf8')).toBe(`${JSON.stringify(policySchema(), null, 2)}\n`);
});

test('the text for a terminal names every trigger and parameter', () => {
  const text = gatesText();
  for (const gate of describeGates()) {
    for (const trigger of gate.triggers) {
      expect(text).toContain(`  ${trigger.name}`);
      for (const { name } of trigger.parameters) expect(text).toContain(`    ${name}`);
    }
  }
});

describe('the schema for editors', () => {
  test.each(BUILT_IN)('takes $name', ({ text }) => {
    expect(validate(JSON.parse(text)) || validate.errors).toBe(true);
  });

  const rule = (parts: object): object => ({ id: 'p', rules: [{ gate: 'files', trigger: 'name_match', action: 'stop', params: [{ name: 'regex', value: 'x' }], ...parts }] });
  test.each([
    ['a rule', rule({}), true],
    ['an unknown gate', rule({ gate: 'filez' }), false],
    ['an unknown trigger', rule({ trigger: 'name' }), false],
    ['an unknown parameter', rule({ params: [{ name: 'regexp', value: 'x' }] }), false],
    ['a missing parameter', rule({ params: [] }), false],
    ['no parameters at all', rule({ params: undefined }), false],
    ['a value that is not allowed', rule({ trigger: 'attribute_match', params: [{ name: 'filename', value: '/a' }, { name: 'mode_op', value: 'is' }] }), false],
    ['an unknown action', rule({ action: 'fail' }), false],
    ['an unknown key', rule({ parms: [] }), false],
    ['the other vocabulary', { id: 'b', rule_sets: [], mappings: [] }, true],
  ])('%s', (_, value, valid) => {
    expect(validate(JSON.parse(JSON.stringify(value)))).toBe(valid);
  });
});
