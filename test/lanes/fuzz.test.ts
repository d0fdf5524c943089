import { expect, test } from '@jest/globals';
import { mutated, seeded } from '../../scripts/fuzz/mutate.js';
import { imageTargets } from '../../scripts/fuzz/targets/image.js';
import { keyTargets } from '../../scripts/fuzz/targets/keys.js';

/** A small part of `node scripts/fuzz.js`, which runs 10,000 of each. */
const RUNS = 40;

test.each([...imageTargets, ...keyTargets])('$name: changed real files are read, or told to be broken', async ({ samples, parse }) => {
  const files = samples();
  for (let run = 0; run < RUNS; run++) {
    const bytes = mutated(files[run % files.length] as Buffer, seeded(run));
    await expect((async () => parse(bytes))()).resolves.toBeUndefined();
  }
});
