import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Fault } from '../../../src/analyzers/archive/fault.js';
import { openZip } from '../../../src/analyzers/archive/open.js';
import { UnpackBudget } from '../../../src/analyzers/archive/budget.js';
import { zip, type Member } from './zip-writer.js';

const LIMIT = 1_000_000;

/** Every entry with its content, or what is wrong with it. */
function contents(bytes: Buffer, budget?: UnpackBudget): Record<string, string> | string {
  const archive = openZip(bytes, budget);
  if (archive instanceof Fault) return archive.reason;
  return Object.fromEntries(archive.entries.map((entry) => {
    const content = archive.read(entry, LIMIT);
    return [entry.name, content instanceof Fault ? `! ${content.reason}` : content.toString('utf8')];
  }));
}

describe('a zip archive', () => {
  test('is read, stored and deflated, folders left out', () => {
    const bytes = zip([{ name: 'a/', content: '' }, { name: 'a/b.txt', content: 'hello'.repeat(100) }, { name: 'c', content: 'x', stored: true }, { name: 'empty', content: '' }]);
    expect(contents(bytes)).toEqual({ 'a/b.txt': 'hello'.repeat(100), c: 'x', empty: '' });
  });

  test('may follow a shell script, as executable jars do', () => {
    expect(contents(zip([{ name: 'a', content: 'x' }], Buffer.from('#!/bin/sh\nexec java -jar "$0"\n')))).toEqual({ a: 'x' });
  });

  test('may have a comment', () => {
    const bytes = zip([{ name: 'a', content: 'x' }]);
    const comment = Buffer.from('built by PK\x05\x06 nobody');
    bytes.writeUInt16LE(comment.length, bytes.length - 2);
    expect(contents(Buffer.concat([bytes, comment]))).toEqual({ a: 'x' });
  });

  const one = (says: Member['says']): Buffer => zip([{ name: 'a', content: 'x'.repeat(1000), says }]);
  test.each<[string, Buffer, unknown]>([
    ['empty file', Buffer.alloc(0), 'is no zip archive: it has no end record'],
    ['text', Buffer.from('not a zip at all, but long enough'), 'is no zip archive: it has no end record'],
    ['no entries', zip([]), {}],
    ['directory overwritten', zip([{ name: 'a', content: 'x' }]).fill(0, 32, 40), 'has a directory that is cut or broken'],
    ['size too large', one({ size: 5000 }), { a: '! has another size than the directory says' }],
    ['size too small', one({ size: 10 }), { a: '! cannot be unpacked: its data are broken, or more than the directory says' }],
    ['size beyond any limit', one({ size: 0xfffffffe }), { a: `! has ${0xfffffffe} bytes, more than the ${LIMIT} that are read` }],
    ['wrong checksum', one({ crc32: 7 }), { a: '! has another checksum than the directory says' }],
    ['reaches beyond the end', one({ compressedSize: 100_000 }), { a: '! reaches beyond the end of the archive' }],
    ['is somewhere else', one({ headerOffset: 3 }), { a: '! is not where the directory says' }],
    ['is nowhere', one({ headerOffset: 0xfffffff0 }), { a: '! is not where the directory says' }],
    ['unknown method', one({ method: 14 }), { a: '! is packed by method 14, which is not read' }],
    ['encrypted', one({ flags: 1 }), { a: '! is encrypted' }],
  ])('%s', (_, bytes, expected) => {
    expect(contents(bytes)).toEqual(expected);
  });

  test('of more than 65,535 entries or 4 GiB has a second end record', () => {
    const bytes = zip([{ name: 'a', content: 'x' }], Buffer.from('#!prefix\n'));
    const end = bytes.subarray(bytes.length - 22);
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(1n, 32);
    record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
    record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(bytes.length - 22 - 9), 8);
    end.writeUInt16LE(0xffff, 10);
    end.writeUInt32LE(0xffffffff, 16);
    expect(contents(Buffer.concat([bytes.subarray(0, -22), record, locator, end]))).toEqual({ a: 'x' });
  });

  test('says how many entries it has, and lies', () => {
    const bytes = zip([{ name: 'a', content: 'x' }]);
    bytes.writeUInt16LE(60_000, bytes.length - 12);
    expect(contents(bytes)).toBe('has a directory that does not fit into it');
  });

  test('entries that share bytes are not read: that is how bombs are made', () => {
    const bytes = zip([
      { name: 'kernel', content: 'x'.repeat(1000) },
      { name: 'again', content: 'x'.repeat(1000), says: { headerOffset: 0 } },
      { name: 'apart', content: 'y' },
    ]);
    expect(contents(bytes)).toEqual({ kernel: '! shares its bytes with another entry', again: '! shares its bytes with another entry', apart: 'y' });
  });

  test('a bomb costs no more than its budget', () => {
    const bomb = zip(Array.from({ length: 8 }, (_, index) => ({ name: `${index}`, content: Buffer.alloc(900_000) })));
    const budget = new UnpackBudget(0);
    budget.left = 2_000_000;
    const read = Object.values(contents(bomb, budget));
    expect(read.filter((content: string) => content === '! would unpack to more than the archive may')).toHaveLength(6);
    expect(budget.left).toBeGreaterThanOrEqual(0);
  });

  test('whatever was written is read (property)', () => {
    const member = fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)), stored: fc.boolean() });
    fc.assert(fc.property(fc.uniqueArray(member, { selector: ({ name }) => name, maxLength: 6 }), (members) => {
      const archive = openZip(zip(members));
      if (archive instanceof Fault) throw new Error(archive.reason);
      const read = archive.entries.map((entry) => archive.read(entry, LIMIT));
      expect(read).toEqual(members.map(({ content }) => content));
    }), { numRuns: 50 });
  });

  test('no change of a byte, and no cut, makes it throw (property)', () => {
    const bytes = zip([{ name: 'META-INF/MANIFEST.MF', content: 'Name: x\n'.repeat(20) }, { name: 'b', content: 'stored', stored: true }]);
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, value, cut) => {
      const changed = Buffer.from(bytes);
      changed[at] = value;
      contents(changed);
      contents(changed.subarray(0, cut));
    }), { numRuns: 300 });
  });
});
