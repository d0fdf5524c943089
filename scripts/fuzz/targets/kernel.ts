import { readFileSync } from 'node:fs';
import { readBzImage } from '../../../src/analyzers/os/kernel/image.js';
import { readModule } from '../../../src/analyzers/os/kernel/module.js';
import { FormatError } from '../../../src/analyzers/packageFile/read.js';
import type { FuzzTarget } from '../target.js';

export const kernelTargets: readonly FuzzTarget[] = [
  {
    name: 'kernel-module',
    samples: () => [readFileSync('test/fixtures/os/kernel/crc7.ko')],
    parse(bytes: Buffer): void {
      readBzImage(bytes);
      try {
        readModule(bytes);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    },
  },
];
