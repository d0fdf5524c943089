import { InputError } from '../errors.js';
import { BUILT_IN, builtIn } from '../evaluation/policy/builtin/index.js';
import { gatesText } from '../evaluation/policy/describeGates.js';
import { policySchema } from '../evaluation/policy/policySchema.js';
import { didYouMean } from '../text/suggest.js';
import { flagOf, type Given } from './given.js';

/** `inline-scan policies`: what is built in, one bundle, every gate, or the schema. */
export async function policiesCommand(name: string | undefined, given: Given): Promise<number> {
  process.stdout.write(textOf(name, given));
  return 0;
}

function textOf(name: string | undefined, given: Given): string {
  if (flagOf(given, 'gates')) return gatesText();
  if (flagOf(given, 'schema')) return `${JSON.stringify(policySchema(), undefined, 2)}\n`;
  if (name === undefined) return BUILT_IN.map((policy) => `${policy.name.padEnd(26)}  ${policy.description}\n`).join('');
  const policy = builtIn(name);
  if (policy === undefined) {
    const names = BUILT_IN.map((known) => known.name);
    throw new InputError(`There is no built-in policy ${JSON.stringify(name)}${didYouMean(name, names)}. There are ${names.join(', ')}.`);
  }
  return policy.text;
}
