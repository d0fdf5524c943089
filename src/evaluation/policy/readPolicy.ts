import { didYouMean } from '../../text/suggest.js';
import type { Policy, Rule } from './bundle.js';
import type { BundleFile, Path } from './bundleFile.js';
import { policySchema, ruleSchema } from './bundleSchema.js';
import type { Gate, Trigger } from './gate.js';
import { endedGate, findGate, findTrigger, GATES } from './gates/index.js';
import { ParameterError, readParameters } from './parameter.js';

/** Reads a policy; one without an id has that of its file. Throws InputError. */
export function readPolicy(file: BundleFile, value: unknown, path: Path): Policy {
  const named = typeof value === 'object' && value !== null && !('id' in value) ? { ...value, id: nameOf(file.config.file) } : value;
  const raw = file.parse(policySchema, named, path);
  const rules = raw.rules.map((rule, index) => readRule(file, rule, `${raw.id}.${index + 1}`, [...path, 'rules', index]));
  return { id: raw.id, name: raw.name === '' ? raw.id : raw.name, rules };
}

function nameOf(file: string): string {
  return (file.split(/[\\/]/).at(-1) as string).replace(/\.(?:json|ya?ml)$/i, '');
}

function readRule(file: BundleFile, value: unknown, place: string, path: Path): Rule {
  const id = typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : place;
  const prefix = `rule ${JSON.stringify(id)}: `;
  const raw = file.parse(ruleSchema, value, path, prefix);
  const about = {
    id,
    action: raw.action,
    ...(raw.control === undefined ? {} : { control: raw.control }),
    ...(raw.recommendation === undefined ? {} : { remediation: raw.recommendation }),
  };
  const ended = endedGate(raw.gate);
  if (ended !== undefined) {
    const why = `the gate ${raw.gate} has ended${ended === '' ? ', and nothing took its place' : `: write the rule for the gate ${ended}`}`;
    return { ...about, gateName: raw.gate.toLowerCase(), triggerName: raw.trigger.toLowerCase(), evaluated: { ended: why } };
  }
  const gate = file.attempt([...path, 'gate'], () => gateOf(raw.gate), prefix);
  const trigger = file.attempt([...path, 'trigger'], () => triggerOf(gate, raw.trigger), prefix);
  const values = readValues(file, gate, trigger, raw.params, path, prefix);
  return { ...about, gateName: gate.name, triggerName: trigger.name, evaluated: { gate, trigger, values } };
}

/** Throws an Error of one sentence, with what is allowed. */
export function gateOf(name: string): Gate {
  const gate = findGate(name);
  if (gate !== undefined) return gate;
  const names = GATES.map((one) => one.name);
  throw new Error(`there is no gate ${JSON.stringify(name)}${didYouMean(name, names)}; allowed: ${names.join(', ')}`);
}

/** Throws an Error of one sentence, with what is allowed. */
export function triggerOf(gate: Gate, name: string): Trigger {
  const trigger = findTrigger(gate, name);
  if (trigger !== undefined) return trigger;
  const names = gate.triggers.map((one) => one.name);
  const elsewhere = GATES.filter((one) => findTrigger(one, name) !== undefined).map((one) => one.name);
  const hint = didYouMean(name, names) || (elsewhere.length === 0 ? '' : ` (it is a trigger of ${elsewhere.join(' and ')})`);
  throw new Error(`the gate ${gate.name} has no trigger ${JSON.stringify(name)}${hint}; allowed: ${names.join(', ')}`);
}

type Given = readonly { readonly name: string; readonly value: string | null }[];

function readValues(file: BundleFile, gate: Gate, trigger: Trigger, params: Given, path: Path, prefix: string): Readonly<Record<string, unknown>> {
  const say = (message: string, at: Path): Error => file.error(at, `${prefix}${gate.name}.${trigger.name}: ${message}`);
  try {
    const values = readParameters(trigger.parameters, params);
    const wrong = trigger.check(values);
    if (wrong !== undefined) throw say(wrong, [...path, 'params']);
    return values;
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw say(error.message, error.index < 0 ? path : [...path, 'params', error.index]);
  }
}
