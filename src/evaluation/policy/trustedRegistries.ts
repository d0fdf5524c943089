import { InputError } from '../../errors.js';
import type { Bundle, Rule } from './bundle.js';
import { cachedPattern } from './regex.js';

/**
 * Gives the rules that ask where base images come from (FROM not_like, without a value) the user's answer; nist-800-190 has one.
 * @throws InputError where it is no regular expression
 */
export function withTrustedRegistries(bundles: readonly Bundle[], regex: string): readonly Bundle[] {
  if (regex === '') return bundles;
  try {
    cachedPattern(regex);
  } catch (error) {
    throw new InputError(`trusted-registries ${JSON.stringify(regex)} is no regular expression (${error instanceof Error ? error.message : 'unknown'}). Write one such as (?:registry\\.example\\.com|docker\\.io/library)/.`, { cause: error });
  }
  return bundles.map((bundle) => ({
    ...bundle,
    mappings: bundle.mappings.map((mapping) => ({
      ...mapping,
      policies: mapping.policies.map((policy) => ({ ...policy, rules: policy.rules.map((rule) => answered(rule, regex)) })),
    })),
  }));
}

function answered(rule: Rule, regex: string): Rule {
  if ('ended' in rule.evaluated || rule.gateName !== 'dockerfile' || rule.triggerName !== 'instruction') return rule;
  const { values } = rule.evaluated;
  const asks = values['instruction'] === 'FROM' && values['check'] === 'not_like' && values['value'] === undefined;
  return asks ? { ...rule, evaluated: { ...rule.evaluated, values: { ...values, value: regex } } } : rule;
}
