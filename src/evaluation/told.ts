import type { EvaluationProblem, NotEvaluated } from './evaluation.js';
import type { BundleResult } from './policy/applyBundle.js';
import type { AdvisoryAnswer } from './vulnerability.js';

/** Rules that could not be evaluated, each with why: never to be taken for "nothing found". */
export function listNotEvaluated({ rules }: BundleResult): readonly NotEvaluated[] {
  return rules.flatMap(({ policy, rule, outcome }) => (
    outcome.notEvaluated === undefined ? [] : [{ policy: policy.id, rule: rule.id, gate: rule.gateName, trigger: rule.triggerName, why: outcome.notEvaluated }]
  ));
}

/** No mapping, rules that could not be decided, rules of gates that have ended. */
export function bundleProblems({ rules, problems }: BundleResult): readonly EvaluationProblem[] {
  const undecided = rules.filter((one) => one.undecided).map(({ policy, rule, outcome }) => (
    `Rule ${rule.id} of the policy ${policy.id} could not be decided, so that the policy stops: ${outcome.notEvaluated}. Write its pattern without repeats inside repeats.`
  ));
  const ended = rules.filter(({ rule }) => 'ended' in rule.evaluated).map(({ rule, outcome }) => `Rule ${rule.id} is not evaluated: ${outcome.notEvaluated}.`);
  return [...problems, ...undecided, ...ended].map((message) => ({ message }));
}

/** What holds for the image and can find nothing. */
export function emptyNotices({ mapping, bundle }: BundleResult): readonly string[] {
  if (mapping === undefined) return [];
  if (mapping.policies.length === 0) return [`The mapping ${mapping.name || mapping.id} of the bundle ${bundle.name} (${bundle.source}) names no policy: nothing is asked of the image.`];
  return mapping.policies.filter(({ rules }) => rules.length === 0).map(({ id }) => `The policy ${id} (${bundle.source}) has no rules: nothing is asked of the image.`);
}

/** What a reader should know of how a rule was evaluated. */
export function ruleNotices({ rules }: BundleResult): readonly string[] {
  return rules.flatMap(({ rule, outcome }) => (outcome.notice === undefined ? [] : [`Rule ${rule.id} ${outcome.notice}.`]));
}

/** What the advisories do not cover is told once, and not by every rule. */
export function advisoryProblems(answer: AdvisoryAnswer | undefined): readonly EvaluationProblem[] {
  if (answer === undefined) return [];
  const uncovered = answer.uncovered.map(({ ecosystem, packages, why }) => (
    `There are no advisories for ${packages} ${packages === 1 ? 'package' : 'packages'} of ${ecosystem}: ${why}`
  ));
  return [...uncovered, ...answer.problems].map((message) => ({ message }));
}
