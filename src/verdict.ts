import type { Evaluation } from './evaluation/evaluation.js';
import { failsStep, gravest } from './evaluation/verdict.js';
import type { FailOn } from './options.js';

/** Whether the step may go on: what the verdict means to this user. An error never comes this far. */
export function passes(evaluation: Evaluation, failOn: FailOn, onlyNew: boolean): boolean {
  return !failsStep(onlyNew ? verdictOfNew(evaluation) : evaluation.verdict, failOn);
}

/** Why the step passes though the verdict says no, as a sentence; undefined where it does not. */
export function allTheSame(evaluation: Evaluation, failOn: FailOn, onlyNew: boolean): string | undefined {
  if (!passes(evaluation, failOn, onlyNew)) return undefined;
  if (failOn === 'never') return failsStep(evaluation.verdict, 'stop') ? 'The step passes all the same: fail-on is never.' : undefined;
  return failsStep(evaluation.verdict, failOn) ? `The step passes all the same: nothing that ${evaluation.verdict === 'stop' ? 'stops' : 'warns'} is new, and only what is new decides (fail-on-new).` : undefined;
}

/**
 * What the verdict would be if only findings that the baseline does not have counted; one that was compared with nothing counts.
 * A denied image stays denied.
 */
function verdictOfNew({ verdict, reason, findings }: Evaluation): Evaluation['verdict'] {
  if (reason !== 'policy_evaluation') return verdict;
  return gravest(findings.filter((finding) => finding.suppressed === undefined && finding.new !== false).map(({ action }) => action));
}
