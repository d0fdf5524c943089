import { InputError } from '../../errors.js';
import type { Bundle, Policy, Rule } from './bundle.js';
import { compilePattern } from './regex.js';

/**
 * The bundles, with the regular expression of trusted registries in the rules that ask for one: `FROM not_like` without a value.
 * An empty expression leaves them as they are, and those rules are reported as not evaluated. Throws InputError for one that is none.
 */
export function withTrustedRegistries(bundles: readonly Bundle[], regex: string): readonly Bundle[] {
  if (regex === '') return bundles;
  try {
    compilePattern(regex);
  } catch (error) {
    throw new InputError(`trusted-registries is no regular expression: ${(error as Error).message}. Write one such as (?:registry\\.example\\.com|docker\\.io/library)/.`, { cause: error });
  }
  const inPolicy = (policy: Policy): Policy => ({ ...policy, rules: policy.rules.map((rule) => inRule(rule, regex)) });
  return bundles.map((bundle) => ({
    ...bundle,
    mappings: bundle.mappings.map((mapping) => ({ ...mapping, policies: mapping.policies.map(inPolicy) })),
  }));
}

function inRule(rule: Rule, regex: string): Rule {
  const { evaluated } = rule;
  if ('ended' in evaluated || rule.gateName !== 'dockerfile' || rule.triggerName !== 'instruction') return rule;
  const { instruction, check, value } = evaluated.values;
  if (instruction !== 'FROM' || check !== 'not_like' || value !== undefined) return rule;
  return { ...rule, evaluated: { ...evaluated, values: { ...evaluated.values, value: regex } } };
}
