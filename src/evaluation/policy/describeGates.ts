import type { Parameter } from './parameter.js';
import { GATES } from './gates/index.js';

/** What may be written in a bundle. Shape: `GET /v1/system/policy_spec` of Anchore Engine, with what is ours besides. */
export interface GateDescription {
  readonly name: string;
  readonly description: string;
  readonly state: 'active';
  readonly superceded_by: null;
  readonly extension: boolean;
  readonly triggers: readonly TriggerDescription[];
}

export interface TriggerDescription {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly state: 'active';
  readonly superceded_by: null;
  readonly extension: boolean;
  readonly deviations: readonly string[];
  readonly parameters: readonly ParameterDescription[];
}

export interface ParameterDescription {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly example: string;
  readonly required: boolean;
  readonly default: string | null;
  readonly extension: boolean;
  /** What is valid, in words, as a list of values or as a regular expression. */
  readonly validator: { readonly type: string; readonly oneOf?: readonly string[]; readonly pattern?: string };
}

/** Every gate, trigger and parameter, as data. */
export function describeGates(): readonly GateDescription[] {
  return GATES.map(({ name, description, extension, triggers }) => ({
    name,
    description,
    state: 'active',
    superceded_by: null,
    extension,
    triggers: triggers.map((trigger) => ({
      name: trigger.name,
      aliases: trigger.aliases,
      description: trigger.description,
      state: 'active',
      superceded_by: null,
      extension: trigger.extension,
      deviations: trigger.deviations,
      parameters: Object.entries(trigger.parameters).map(([parameter, definition]) => describeParameter(parameter, definition)),
    })),
  }));
}

function describeParameter(name: string, parameter: Parameter): ParameterDescription {
  const { type, oneOf, synonyms, pattern } = parameter;
  return {
    name,
    aliases: parameter.aliases,
    description: parameter.description,
    example: parameter.example,
    required: parameter.required,
    default: parameter.default ?? null,
    extension: parameter.extension,
    validator: {
      type,
      ...(oneOf === undefined ? {} : { oneOf: [...oneOf, ...Object.keys(synonyms ?? {})] }),
      ...(pattern === undefined ? {} : { pattern }),
    },
  };
}

/** For `policies --gates`: every gate, trigger and parameter, for a terminal. */
export function gatesText(): string {
  const lines = describeGates().flatMap((gate) => [
    `${gate.name}${mark(gate.extension)}: ${gate.description}`,
    ...gate.triggers.flatMap((trigger) => [
      `  ${trigger.name}${mark(trigger.extension)}: ${trigger.description}`,
      ...trigger.parameters.map((parameter) => `    ${parameter.name}${mark(parameter.extension)} (${allowed(parameter)}): ${parameter.description}`),
    ]),
    '',
  ]);
  return `${lines.join('\n')}* Ours: other engines do not know it.\n`;
}

function mark(extension: boolean): string {
  return extension ? ' *' : '';
}

function allowed({ validator, required, default: fallback }: ParameterDescription): string {
  const values = validator.oneOf === undefined ? validator.type : validator.oneOf.join(' | ');
  return `${values}; ${required ? 'required' : fallback === null ? 'optional' : `default ${fallback}`}`;
}
