import { VERSIONS } from './bundleSchema.js';
import { describeGates, type GateDescription, type ParameterDescription, type TriggerDescription } from './describeGates.js';

type Schema = Readonly<Record<string, unknown>>;

const STRING: Schema = { type: 'string' };
const ID = { description: 'An id of your choice.', ...STRING };

/** A JSON schema of bundles, policies and lists of policies, for editors: docs/policy.schema.json. Lines that it does not know are refused when a bundle is read. */
export function policySchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Inline Scan policies',
    description: 'A bundle, a policy, or a list of policies.',
    anyOf: [
      { $ref: '#/definitions/bundle' },
      { $ref: '#/definitions/policy' },
      { type: 'array', items: { $ref: '#/definitions/policy' }, minItems: 1 },
    ],
    definitions: {
      version: { enum: VERSIONS },
      rule: ruleSchema(),
      policy: {
        type: 'object',
        required: ['rules'],
        properties: { id: ID, version: { $ref: '#/definitions/version' }, name: STRING, comment: STRING, rules: { type: 'array', items: { $ref: '#/definitions/rule' } } },
      },
      allowList: allowListSchema(),
      selector: selectorSchema([]),
      mapping: selectorSchema(['policy_ids', 'policy_id', 'rule_set_ids', 'whitelist_ids', 'allowlist_ids']),
      bundle: bundleSchema(),
    },
  };
}

function bundleSchema(): Schema {
  const list = (definition: string): Schema => ({ type: 'array', items: { $ref: `#/definitions/${definition}` } });
  return {
    type: 'object',
    required: ['id', 'mappings'],
    anyOf: [{ required: ['policies'] }, { required: ['rule_sets'] }],
    properties: {
      id: ID, version: { $ref: '#/definitions/version' }, name: STRING, comment: STRING,
      policies: list('policy'), rule_sets: list('policy'),
      whitelists: list('allowList'), allowlists: list('allowList'),
      mappings: list('mapping'),
      whitelisted_images: list('selector'), allowlisted_images: list('selector'),
      blacklisted_images: list('selector'), denylisted_images: list('selector'),
    },
  };
}

function selectorSchema(lists: readonly string[]): Schema {
  const wildcard = { type: 'string', description: '* stands for anything; or regexp: and a regular expression' };
  return {
    type: 'object',
    required: ['registry', 'repository', 'image'],
    additionalProperties: false,
    properties: {
      id: ID, name: STRING, description: STRING, comment: STRING, registry: wildcard, repository: wildcard,
      image: { type: 'object', required: ['type', 'value'], additionalProperties: false, properties: { type: { enum: ['tag', 'digest', 'id'] }, value: STRING } },
      ...Object.fromEntries(lists.map((name) => [name, name.endsWith('_id') ? STRING : { type: 'array', items: STRING }])),
    },
  };
}

function allowListSchema(): Schema {
  return {
    type: 'object',
    required: ['id'],
    properties: {
      id: ID, version: { $ref: '#/definitions/version' }, name: STRING, comment: STRING,
      items: {
        type: 'array',
        items: {
          type: 'object',
          required: ['gate', 'trigger_id'],
          additionalProperties: false,
          properties: {
            id: ID, gate: STRING, trigger: STRING, comment: STRING, description: STRING, created_at: {},
            trigger_id: { type: 'string', description: 'The id of a finding; * stands for anything' },
            expires_on: { type: 'string', description: '2026-12-31T00:00:00Z' },
          },
        },
      },
    },
  };
}

/** A rule, and for each gate its triggers, and for each trigger its parameters. */
function ruleSchema(): Schema {
  const gates = describeGates();
  return {
    type: 'object',
    required: ['gate', 'trigger', 'action'],
    additionalProperties: false,
    properties: {
      id: ID,
      gate: { type: 'string', anyOf: gates.map(({ name, description }) => ({ const: name, description })) },
      trigger: STRING,
      action: { enum: ['STOP', 'WARN', 'GO', 'stop', 'warn', 'go'] },
      params: { type: 'array', items: { type: 'object', required: ['name', 'value'], additionalProperties: false, properties: { name: STRING, value: {} } } },
      control: { type: 'string', description: 'The control of a standard that the rule supports' },
      recommendation: { type: 'string', description: 'What to do about a finding, in a sentence' },
      comment: STRING, description: STRING, name: STRING,
    },
    allOf: gates.flatMap((gate) => [triggersOf(gate), ...gate.triggers.map((trigger) => parametersOf(gate, trigger))]),
  };
}

function triggersOf({ name, triggers }: GateDescription): Schema {
  return {
    if: { properties: { gate: { const: name } } },
    then: { properties: { trigger: { anyOf: triggers.flatMap((trigger) => [trigger.name, ...trigger.aliases].map((word) => ({ const: word, description: trigger.description }))) } } },
  };
}

function parametersOf(gate: GateDescription, { name, aliases, parameters }: TriggerDescription): Schema {
  const required = parameters.filter((parameter) => parameter.required).map((parameter) => ({
    contains: { properties: { name: { enum: [parameter.name, ...parameter.aliases] } } },
  }));
  const items = parameters.length === 0 ? { maxItems: 0 } : { items: { anyOf: parameters.map(parameterSchema) } };
  return {
    if: { properties: { gate: { const: gate.name }, trigger: { enum: [name, ...aliases] } }, required: ['trigger'] },
    then: { properties: { params: { ...items, ...(required.length === 0 ? {} : { allOf: required }) } }, ...(required.length === 0 ? {} : { required: ['params'] }) },
  };
}

function parameterSchema({ name, aliases, description, validator }: ParameterDescription): Schema {
  const text = validator.oneOf !== undefined ? { enum: validator.oneOf } : { type: 'string', ...(validator.pattern === undefined ? {} : { pattern: validator.pattern }) };
  return {
    description,
    properties: { name: { enum: [name, ...aliases] }, value: { anyOf: [text, { type: ['number', 'boolean', 'null'] }] } },
  };
}
