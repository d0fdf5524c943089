import { crc32 } from 'node:zlib';
import { createAnalyzers } from '../../../src/analyzers/index.js';
import { analyse } from '../analyse.js';
import { hostileBytes, PATHS, TEXTS } from '../hostile.js';
import type { FuzzTarget } from '../target.js';

/** Above the limits of readers in whose formats a little text is much work (YAML), so that those are met too. */
const SIZES = [20_000, 400_000];

const ANALYZERS = createAnalyzers({}).filter(({ name }) => name !== 'checksums');

/** Hostile texts, changed at random, each at a path that is drawn from its bytes. */
export const textTargets: readonly FuzzTarget[] = [
  {
    name: 'text',
    samples: () => Object.keys(TEXTS).flatMap((name) => SIZES.map((size) => hostileBytes(name, size))),
    parse(bytes: Buffer): void {
      analyse(ANALYZERS, PATHS[crc32(bytes) % PATHS.length] ?? '', bytes);
    },
  },
];
