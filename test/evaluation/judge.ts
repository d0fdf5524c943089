import { evaluate, type EvaluationContext } from '../../src/evaluation/evaluate.js';
import type { Evaluation, Finding } from '../../src/evaluation/evaluation.js';
import { NO_EXCEPTIONS } from '../../src/evaluation/exceptions/exception.js';
import { readBundle } from '../../src/evaluation/policy/readBundle.js';
import type { ScannedImage } from '../../src/report/scanned.js';
import { answer } from './scannedImage.js';

export const NOW = new Date('2026-11-28T12:00:00Z');

export function context(parts: Partial<EvaluationContext> = {}): EvaluationContext {
  return {
    bundles: [], exceptions: NO_EXCEPTIONS, vex: NO_EXCEPTIONS, advisories: answer(), now: NOW, tool: { name: 'inline-scan', version: '1.0.0' },
    ...parts,
  };
}

export type Params = Readonly<Record<string, string>>;

/** A policy of one rule. */
export function policyOf(gate: string, trigger: string, params: Params = {}, action = 'STOP'): string {
  return JSON.stringify({
    id: 'p', version: '1_0',
    rules: [{ id: 'r', gate, trigger, action, params: Object.entries(params).map(([name, value]) => ({ name, value })) }],
  });
}

/** Evaluates one rule. */
export function runRule(scanned: ScannedImage, gate: string, trigger: string, params: Params = {}, parts: Partial<EvaluationContext> = {}): Evaluation {
  return evaluate(scanned, context({ bundles: [readBundle('test.json', policyOf(gate, trigger, params))], ...parts }));
}

/** The messages of one rule, as people see them. */
export function messages(...args: Parameters<typeof runRule>): readonly string[] {
  return runRule(...args).findings.map(({ message }) => message);
}

export function only(evaluation: Evaluation): Finding {
  if (evaluation.findings.length !== 1) throw new Error(`one finding was expected, and there are ${evaluation.findings.length}`);
  return evaluation.findings[0] as Finding;
}
