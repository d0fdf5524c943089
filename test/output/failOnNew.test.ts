import { expect, test } from '@jest/globals';
import type { Finding } from '../../src/evaluation/evaluation.js';
import { markNew } from '../../src/output/baseline.js';
import { passes } from '../../src/verdict.js';
import { evaluation, SHOP_FINDINGS, vulnerable } from './sample.js';

const now = evaluation(SHOP_FINDINGS);
const added = vulnerable('CVE-2026-1', 'critical', 'left-pad', '1.0.0', ['1.0.1'], 3);
const accepted: Finding = { ...added, suppressed: { by: 'exception', id: 'CVE-2026-1', reason: 'not reachable' } };

test.each([
  ['nothing is new', SHOP_FINDINGS, true],
  ['something that stops is new', [...SHOP_FINDINGS, added], false],
  ['what is new is accepted', [...SHOP_FINDINGS, accepted], true],
  ['what is new only informs', [...SHOP_FINDINGS, vulnerable('CVE-2026-2', 'low', 'a', '1', [], 3)], true],
] as const)('fail-on-new: %s', (_, findings, passed) => {
  const { evaluation: marked } = markNew(evaluation(findings), now);
  expect(passes(marked, 'stop', true)).toBe(passed);
  expect(passes(marked, 'stop', false)).toBe(false);
});

test('an exception that ended is new, and decides', () => {
  expect(passes(markNew(evaluation([...SHOP_FINDINGS, added]), evaluation([...SHOP_FINDINGS, accepted])).evaluation, 'stop', true)).toBe(false);
});

test('an image that is denied by name fails, whatever is new', () => {
  const denied = evaluation(SHOP_FINDINGS, { verdict: 'stop', reason: 'denied_image', status: 'fail' });
  expect(passes(markNew(denied, now).evaluation, 'stop', true)).toBe(false);
});
