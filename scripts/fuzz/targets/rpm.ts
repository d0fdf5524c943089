import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bdbHeaders, isBdb } from '../../../src/analyzers/os/rpm/bdb.js';
import { ContainerError, type Broken } from '../../../src/analyzers/os/rpm/container.js';
import { isNdb, ndbHeaders } from '../../../src/analyzers/os/rpm/ndb.js';
import { readRpmBlob, readRpmDatabase } from '../../../src/analyzers/os/rpm/records.js';
import { isSqlite, sqliteHeaders } from '../../../src/analyzers/os/rpm/sqlite.js';
import type { FuzzTarget } from '../target.js';

/** The command and jest both run at the repository's root. */
function sample(name: string): Buffer {
  return gunzipSync(readFileSync(`test/fixtures/os/rpm/${name}.gz`));
}

/** Walks a container; headers are read by a target of their own, so that this one is fast. */
function container(name: string, files: readonly string[], isOne: (bytes: Buffer) => boolean, headers: (bytes: Buffer, broken: Broken) => Iterable<Buffer>): FuzzTarget {
  return {
    name,
    samples: () => files.map(sample),
    parse(bytes) {
      let total = 0;
      try {
        if (isOne(bytes)) for (const header of headers(bytes, () => undefined)) total += header.length;
      } catch (error) {
        if (!(error instanceof ContainerError)) throw error;
      }
      if (total > bytes.length) throw new Error(`${total} bytes of headers in a file of ${bytes.length}`);
    },
  };
}

export const rpmTargets: readonly FuzzTarget[] = [
  container('bdb', ['bdb-libuuid/Packages', 'epoch/Packages'], isBdb, bdbHeaders),
  container('ndb', ['ndb-sle15-bci/Packages.db'], isNdb, ndbHeaders),
  container('sqlite', ['sqlite-cbl-mariner-2.0/rpmdb.sqlite'], isSqlite, sqliteHeaders),
  {
    name: 'rpm-header',
    samples: () => [...ndbHeaders(sample('ndb-sle15-bci/Packages.db'), () => undefined)],
    parse: (bytes) => void readRpmBlob(bytes, () => undefined),
  },
  {
    name: 'rpm-database',
    samples: () => [sample('bdb-libuuid/Packages'), sample('epoch/Packages')],
    parse: (bytes) => void readRpmDatabase(bytes, () => undefined),
  },
];
