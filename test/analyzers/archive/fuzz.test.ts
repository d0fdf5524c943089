import { expect, test } from '@jest/globals';
import { mutated, seeded } from '../../../scripts/fuzz/mutate.js';
import { zipTargets } from '../../../scripts/fuzz/targets/zip.js';

/** A small part of `node scripts/fuzz.js`, which runs 10,000 of each. */
const RUNS = 300;

test.each(zipTargets)('$name: changed real files are read to the end, or not at all', async ({ samples, parse }) => {
  const files = samples();
  for (let run = 0; run < RUNS; run++) {
    const bytes = mutated(files[run % files.length] as Buffer, seeded(run));
    await expect((async () => parse(bytes))()).resolves.toBeUndefined();
  }
});
