import { readFileSync } from 'node:fs';
import { Fault } from '../../../src/analyzers/archive/fault.js';
import { openZip } from '../../../src/analyzers/archive/open.js';
import { readJavaArchive } from '../../../src/analyzers/java/archive.js';
import { readZippedDistributions } from '../../../src/analyzers/python/zipped.js';
import type { FuzzTarget } from '../target.js';

const JARS = ['slf4j-api-1.7.36.jar', 'nested_at_10.jar', 'complex.jar', 'com.google.src.yolo-0.1.2.jar'];
const ZIPS = ['monotonic-1.6-py3.10.egg', 'monotonic-1.6-py2.py3-none-any.whl'];

/** Bytes of one entry that are read. */
const LIMIT = 16 * 1024 * 1024;

/** The command and jest both run at the repository's root. */
function samples(folder: string, names: readonly string[]): () => Buffer[] {
  return () => names.map((name) => readFileSync(`test/fixtures/${folder}/${name}`));
}

export const zipTargets: readonly FuzzTarget[] = [
  {
    name: 'zip',
    samples: () => [...samples('python', ZIPS)(), ...samples('java', JARS)()],
    parse(bytes: Buffer): void {
      const archive = openZip(bytes);
      if (archive instanceof Fault) return;
      let total = 0;
      for (const entry of archive.entries) {
        const content = archive.read(entry, LIMIT);
        if (!(content instanceof Fault)) total += content.length;
      }
      if (archive.budget.left < 0) throw new Error(`${total} bytes were unpacked of a file of ${bytes.length}, more than its budget`);
    },
  },
  { name: 'jar', samples: samples('java', JARS), parse: (bytes) => void readJavaArchive('a.jar', bytes, () => undefined) },
  { name: 'egg', samples: samples('python', ZIPS), parse: (bytes) => void readZippedDistributions(bytes, () => undefined) },
];
