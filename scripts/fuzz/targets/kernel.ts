import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readBzImage } from '../../../src/analyzers/os/kernel/image.js';
import { readModule, unpackedModule } from '../../../src/analyzers/os/kernel/module.js';
import { FormatError } from '../../../src/analyzers/packageFile/read.js';
import type { FuzzTarget } from '../target.js';

const MODULE = 'test/fixtures/os/kernel/crc7.ko';

export const kernelTargets: readonly FuzzTarget[] = [
  {
    name: 'kernel-module',
    samples: () => [readFileSync(MODULE)],
    parse(bytes: Buffer): void {
      readBzImage(bytes);
      try {
        readModule(bytes);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    },
  },
  {
    name: 'packed-module',
    samples: () => [gzipSync(readFileSync(MODULE)), readFileSync('test/fixtures/image/crc7.ko.zst')],
    parse(bytes: Buffer): void {
      for (const path of ['crc7.ko.gz', 'crc7.ko.zst', 'crc7.ko.xz']) {
        try {
          unpackedModule(path, bytes);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }
    },
  },
];
