import { expect, test } from '@jest/globals';
import { TAG } from '../../../../src/analyzers/os/rpm/header.js';
import { evr, readRpmBlob } from '../../../../src/analyzers/os/rpm/records.js';

const STRINGS = 8;
const INT32 = 4;

/** A header of rpm, as header.ts describes it: strings (one, or several) and numbers by tag. */
function header(values: Partial<Record<keyof typeof TAG, readonly (string | number)[]>>): Buffer {
  const stores: Buffer[] = [];
  let offset = 0;
  const index = Object.entries(values).map(([name, said]) => {
    const isText = typeof said[0] === 'string';
    const store = isText ? Buffer.from(said.map((text) => `${text}\0`).join(''), 'latin1') : Buffer.from(said.flatMap((number) => [0, 8, 16, 24].map((shift) => (Number(number) >>> (24 - shift)) & 0xff)));
    const entry = Buffer.alloc(16);
    [TAG[name as keyof typeof TAG], isText ? STRINGS : INT32, offset, said.length].forEach((number, at) => entry.writeUInt32BE(number, at * 4));
    stores.push(store);
    offset += store.length;
    return entry;
  });
  const lead = Buffer.alloc(8);
  lead.writeUInt32BE(index.length, 0);
  lead.writeUInt32BE(offset, 4);
  return Buffer.concat([lead, ...index, ...stores]);
}

const PACKAGE = { name: ['a'], version: ['1'], release: ['2'] } as const;

test('files are base names in folders', () => {
  const told: string[] = [];
  const found = readRpmBlob(header({ ...PACKAGE, fileSizes: [3, 4], baseNames: ['b', 'c'], dirIndexes: [1, 0], dirNames: ['/etc/', '/usr/bin/'] }), (message) => told.push(message));
  expect(found?.files.map(([path, , , , , size]) => [path, size])).toEqual([['/usr/bin/b', 3], ['/etc/c', 4]]);
  expect(told).toEqual([]);
});

test('before rpm 4 they are whole paths', () => {
  const found = readRpmBlob(header({ ...PACKAGE, oldFileNames: ['/usr/bin/b', '/etc/c'] }), () => undefined);
  expect(found?.files.map(([path]) => path)).toEqual(['/usr/bin/b', '/etc/c']);
});

test('a file in a folder that is not there is left out, and told', () => {
  const told: string[] = [];
  const found = readRpmBlob(header({ ...PACKAGE, baseNames: ['b', 'c'], dirIndexes: [0, 7], dirNames: ['/etc/'] }), (message) => told.push(message));
  expect(found?.files.map(([path]) => path)).toEqual(['/etc/b']);
  expect(told).toEqual(['has a package a that names 1 files that no system can have']);
});

test('what has no name is no package', () => {
  const told: string[] = [];
  expect(readRpmBlob(header({ version: ['1'] }), (message) => told.push(message))).toBeUndefined();
  expect(told).toEqual(['has a package without a name']);
});

test.each([
  [null, '1', '2', '1-2'], [0, '1', '2', '0:1-2'], [3, '1', '', '3:1'], [3, '', '2', ''],
] as const)('epoch %j, version %j, release %j: %j', (epoch, version, release, written) => expect(evr(epoch, version, release)).toBe(written));
