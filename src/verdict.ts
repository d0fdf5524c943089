import type { Evaluation } from './evaluation/evaluation.js';
import { failsStep, gravest } from './evaluation/verdict.js';
import type { FailOn } from './options.js';

/** Whether the step may go on: what the verdict means to this user. An error never comes this far. */
export function passes(evaluation: Evaluation, failOn: FailOn, onlyNew: boolean): boolean {
  return !failsStep(onlyNew ? verdictOfNew(evaluation) : evaluation.verdict, failOn);
}

/** What the verdict would be if only findings that the baseline does not have counted. A denied image stays denied. */
function verdictOfNew({ verdict, reason, findings }: Evaluation): Evaluation['verdict'] {
  if (reason !== 'policy_evaluation') return verdict;
  return gravest(findings.filter((finding) => finding.suppressed === undefined && finding.new === true).map(({ action }) => action));
}
