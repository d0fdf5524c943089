import type { Evaluation, Finding } from './evaluation/evaluation.js';
import type { FailOn } from './options.js';

/** Whether the step may go on: what the verdict means to this user. An error never comes this far. */
export function passes(evaluation: Evaluation, failOn: FailOn, onlyNew: boolean): boolean {
  if (failOn === 'never') return true;
  const verdict = onlyNew ? verdictOfNew(evaluation) : evaluation.verdict;
  return failOn === 'warn' ? verdict === 'go' : verdict !== 'stop';
}

/** What the verdict would be if only findings that the baseline does not have counted. */
function verdictOfNew({ verdict, reason, findings }: Evaluation): Evaluation['verdict'] {
  if (reason !== 'policy_evaluation') return verdict;
  const counting = findings.filter((finding: Finding) => finding.suppressed === undefined && finding.new === true);
  if (counting.some(({ action }) => action === 'stop')) return 'stop';
  return counting.some(({ action }) => action === 'warn') ? 'warn' : 'go';
}
