import { expect, test } from '@jest/globals';
import { falseCandidates, textCandidates, trueCandidates, type Candidate } from '../../../scripts/secrets-corpus.js';
import { secretDetector } from '../../../src/analyzers/secrets/detect.js';
import { isLeftOut, placeOf } from '../../../src/analyzers/secrets/place.js';
import { RULES } from '../../../src/analyzers/secrets/rules/index.js';
import { linesOf } from '../../../src/analyzers/secrets/text.js';

const detector = secretDetector(RULES);

function found({ path, text }: Candidate): { readonly name: string; readonly line: number }[] {
  if (isLeftOut(path)) return [];
  const bytes = Buffer.from(text, 'latin1');
  const { matches } = detector(bytes, { place: placeOf(path), path, strict: false });
  const lines = linesOf(bytes, matches.map(({ start }) => start));
  return matches.map(({ rule }, index) => ({ name: rule.name, line: lines[index] ?? -1 }));
}

test('of a drawn corpus at least 98 % is found, on its line', () => {
  const truths = trueCandidates(7);
  const missed = truths.filter((candidate) => !found(candidate).some(({ line }) => line === candidate.line));
  expect(truths.length).toBeGreaterThan(300);
  expect(missed.map(({ kind, path }) => `${kind} in ${path}`).length / truths.length).toBeLessThan(0.02);
});

test('at least 95 % of what is found is a secret', () => {
  const truths = trueCandidates(11);
  const lies = [...falseCandidates(13), ...textCandidates('node_modules/@azure', '/app/node_modules/@azure', 1_500), ...textCandidates('src', '/app/src', 1_500)];
  const right = truths.filter((candidate) => found(candidate).length > 0).length;
  const wrong = lies.flatMap(found).length;
  expect(lies.length).toBeGreaterThan(2_500);
  expect(right / (right + wrong)).toBeGreaterThan(0.95);
});

test('a rule’s literals are lower case, three bytes at least, and its key is NAME=regex', () => {
  for (const rule of RULES) {
    expect(rule.name).toMatch(/^[A-Z][A-Z0-9_]+$/);
    for (const literal of rule.literals) {
      expect(literal).toBe(literal.toLowerCase());
      expect(literal.length).toBeGreaterThanOrEqual(3);
    }
  }
});
