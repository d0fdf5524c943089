import { expect, test } from '@jest/globals';
import { mutated, seeded } from '../../../scripts/fuzz/mutate.js';
import { rpmTargets } from '../../../scripts/fuzz/targets/rpm.js';

/** A small part of what `node scripts/fuzz.js` does. */
const RUNS = 100;

test.each(rpmTargets.map((target) => [target.name, target] as const))('%s returns, whatever it is given', (_, target) => {
  const samples = target.samples();
  for (let run = 0; run < RUNS; run++) {
    const bytes = mutated(samples[run % samples.length] ?? Buffer.alloc(0), seeded(run));
    expect(() => target.parse(bytes)).not.toThrow();
  }
});

test('the same seed gives the same bytes', () => {
  const sample = Buffer.from('0123456789'.repeat(100));
  expect(mutated(sample, seeded(7))).toEqual(mutated(sample, seeded(7)));
  expect(mutated(sample, seeded(7))).not.toEqual(mutated(sample, seeded(8)));
});
