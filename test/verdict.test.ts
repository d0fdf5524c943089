import { expect, test } from '@jest/globals';
import type { Action, Evaluation, Finding } from '../src/evaluation/evaluation.js';
import { passes } from '../src/verdict.js';

function evaluation(verdict: Action, findings: readonly Partial<Finding>[] = [], reason: Evaluation['reason'] = 'policy_evaluation'): Evaluation {
  return { verdict, reason, findings } as unknown as Evaluation;
}

test.each<[Action, 'stop' | 'warn' | 'never', boolean]>([
  ['go', 'stop', true], ['warn', 'stop', true], ['stop', 'stop', false],
  ['go', 'warn', true], ['warn', 'warn', false], ['stop', 'warn', false],
  ['stop', 'never', true],
])('%s with fail-on: %s passes: %s', (verdict, failOn, expected) => {
  expect(passes(evaluation(verdict), failOn, false)).toBe(expected);
});

test.each<[string, Evaluation, boolean]>([
  ['what was there already', evaluation('stop', [{ action: 'stop', new: false }]), true],
  ['what is new', evaluation('stop', [{ action: 'stop', new: false }, { action: 'stop', new: true }]), false],
  ['what is new, and accepted', evaluation('stop', [{ action: 'stop', new: true, suppressed: { by: 'exception', id: 'x', reason: 'y' } }]), true],
  ['a denied image', evaluation('stop', [], 'denied_image'), false],
])('with fail-on-new, %s', (_, one, expected) => {
  expect(passes(one, 'stop', true)).toBe(expected);
});
