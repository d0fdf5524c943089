import { describe, expect, test } from '@jest/globals';
import { mutated, seeded } from '../../../scripts/fuzz/mutate.js';
import { executableTargets } from '../../../scripts/fuzz/targets/executables.js';

/** A small part of what `node scripts/fuzz.js elf pe mach-o assembly` does. */
describe.each(executableTargets.map((target) => [target.name, target] as const))('%s', (_, target) => {
  test('changed files are read, told or refused', async () => {
    const samples = target.samples();
    expect(samples.length).toBeGreaterThan(0);
    for (let run = 0; run < 60; run++) await target.parse(mutated(samples[run % samples.length] as Buffer, seeded(run)));
  });
});
