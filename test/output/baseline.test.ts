import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../src/evaluation/evaluation.js';
import { markNew } from '../../src/output/baseline.js';
import { fingerprint, fingerprints, subjectFingerprint } from '../../src/output/fingerprint.js';
import { evaluation, hostileFindings, many, SHOP_FINDINGS, vulnerable } from './sample.js';

/** The image built again: other layers, other lines, a distribution's newer build of each package. */
function rebuilt(findings: readonly Finding[], time: number): Finding[] {
  return findings.map((finding) => ({
    ...finding,
    ...(finding.vulnerability === undefined ? {} : { vulnerability: { ...finding.vulnerability, severity: 'low' as const, fixedIn: [], package: { ...finding.vulnerability.package, version: `9.${time}`, purl: `pkg:x@9.${time}` } } }),
    ...(finding.location === undefined ? {} : { location: { ...finding.location, layer: { index: time, diffId: `sha256:${time}`, instruction: `RUN ${time}` }, dockerfile: { file: 'Dockerfile', startLine: 100 + time, endLine: 101 + time } } }),
  }));
}

describe('fingerprints', () => {
  test('over five rebuilds and a reordered Dockerfile they stay', () => {
    const first = fingerprints(SHOP_FINDINGS);
    for (let time = 1; time <= 5; time++) expect(fingerprints(rebuilt(SHOP_FINDINGS, time))).toEqual(first);
    expect([...fingerprints([...SHOP_FINDINGS].reverse())].reverse()).toEqual(first);
  });
  test('no two findings share one', () => {
    const copies = [...SHOP_FINDINGS, ...SHOP_FINDINGS, ...many(10_000), ...many(100), ...hostileFindings];
    expect(new Set(fingerprints(copies)).size).toBe(copies.length);
    fc.assert(fc.property(fc.array(fc.constantFrom(...SHOP_FINDINGS, ...many(5)), { maxLength: 30 }), (findings) => {
      expect(new Set(fingerprints(findings)).size).toBe(findings.length);
      expect(new Set(fingerprints(findings, subjectFingerprint)).size).toBe(findings.length);
    }));
  });
  test('two versions of a package in one place are told apart', () => {
    const [a, b] = fingerprints([vulnerable('CVE-1', 'low', 'p', '1', [], 1), vulnerable('CVE-1', 'low', 'p', '2', [], 1)]);
    expect(a).not.toBe(b);
  });
  test('an age in a message does not make another finding', () => {
    const old = (days: number): Finding => ({ id: String(days), policy: 'p', rule: 'r', gate: 'metadata', trigger: 'age', action: 'warn', message: `The image is ${days} days old` });
    expect(fingerprint(old(30))).toBe(fingerprint(old(31)));
  });
});

describe('against a baseline', () => {
  test('new, gone and same', () => {
    const before = evaluation(rebuilt([...SHOP_FINDINGS.slice(2), vulnerable('CVE-GONE', 'high', 'old', '1', [], 1)], 3));
    const { evaluation: marked, gone, added, same } = markNew(evaluation(SHOP_FINDINGS), before);
    expect(marked.findings.filter((finding) => finding.new).map(({ vulnerability }) => vulnerability?.id)).toEqual(['CVE-2019-10744', 'CVE-2020-8203']);
    expect(gone.map(({ vulnerability }) => vulnerability?.id)).toEqual(['CVE-GONE']);
    expect([added, same]).toEqual([2, SHOP_FINDINGS.length - 2]);
  });
  test('against itself nothing is new or gone', () => {
    const { added, gone } = markNew(evaluation(many(500)), evaluation(many(500)));
    expect([added, gone]).toEqual([0, []]);
  });
  test('an exception that ended makes its finding new: now it decides', () => {
    const ended = SHOP_FINDINGS.map((finding) => Object.fromEntries(Object.entries(finding).filter(([name]) => name !== 'suppressed')) as unknown as Finding);
    expect(markNew(evaluation(ended), evaluation(SHOP_FINDINGS)).evaluation.findings.filter((finding) => finding.new).map(({ vulnerability }) => vulnerability?.id)).toEqual(['CVE-2023-4911']);
  });
});
