import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openAdvisories } from '../../../src/evaluation/advisories/open.js';
import { openZip } from '../../../src/evaluation/advisories/sources/zip.js';
import { BackendError } from '../../../src/errors.js';
import { advisory, DEBIAN_12, exportsOf, language, scratch, zipOf } from './build.js';

const GOOD = zipOf([advisory({ id: 'X-1' }), advisory({ id: 'X-2', details: 'long '.repeat(2000) })]);

function written(bytes: Buffer): string {
  const path = join(scratch(), 'all.zip');
  writeFileSync(path, bytes);
  return path;
}

async function read(bytes: Buffer): Promise<readonly string[]> {
  const zip = await openZip(written(bytes));
  try {
    const names: string[] = [];
    for await (const { entry, bytes: content } of zip.contents(() => true)) names.push(`${entry.name} ${String((JSON.parse(content.toString()) as { id: string }).id)}`);
    return names;
  } finally {
    await zip.close();
  }
}

/** Where the table of contents has its first entry. */
function table(bytes: Buffer): number {
  return bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
}

function changed(offset: number, value: number): Buffer {
  const bytes = Buffer.from(GOOD);
  bytes.writeUInt32LE(value, offset);
  return bytes;
}

test('a comment that looks like another end is a comment', async () => {
  const comment = Buffer.from(`PK\x05\x06${'x'.repeat(60)}`, 'latin1');
  const bytes = Buffer.concat([GOOD, comment]);
  bytes.writeUInt16LE(comment.length, GOOD.length - 2);
  expect(await read(bytes)).toEqual(['X-1.json X-1', 'X-2.json X-2']);
});

test('a good one is read whole', async () => expect(await read(GOOD)).toEqual(['X-1.json X-1', 'X-2.json X-2']));

describe('a zip that is cut or that lies is an error', () => {
  test.each([
    ['empty', Buffer.alloc(0), /its end is missing/],
    ['HTML', Buffer.from('<html>no</html>'), /its end is missing/],
    ['cut in the middle', GOOD.subarray(0, GOOD.length >> 1), /its end is missing/],
    ['its beginning missing', GOOD.subarray(100), /table of contents does not fit|not where the table says|lies outside/],
    ['a size too large', changed(table(GOOD) + 24, 0x7fffffff), /claims to have 2147483647 bytes/],
    ['a size too small: a bomb', changed(table(GOOD) + 24, 10), /does not unpack to what it claims/],
    ['another CRC-32', changed(table(GOOD) + 16, 1), /does not have the contents that the table says/],
    ['an entry outside of it', changed(table(GOOD) + 42, 0x00ffffff), /lies outside of it/],
    ['an entry elsewhere', changed(table(GOOD) + 42, 7), /not where the table says/],
    ['another method', changed(table(GOOD) + 10, 99), /method 99/],
  ])('%s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(BackendError);
    await expect(read(bytes)).rejects.toThrow(message);
  });

  test('each byte that is changed is noticed or harmless, and never a crash', async () => {
    for (let offset = 0; offset < GOOD.length; offset += 3) {
      const bytes = Buffer.from(GOOD);
      bytes.writeUInt8(bytes.readUInt8(offset) ^ 0xff, offset);
      const names = await read(bytes).catch((error: unknown) => {
        if (!(error instanceof BackendError)) throw error;
        return null;
      });
      if (names !== null) expect(names).toHaveLength(2);
    }
  });
});

test('a damaged export is an error, not a clean bill', async () => {
  const directory = exportsOf({ npm: [advisory({ id: 'X-1' })] });
  writeFileSync(join(directory, 'npm', 'all.zip'), GOOD.subarray(0, 300));
  const source = await openAdvisories(directory, { cacheDir: scratch() });
  await expect(source?.match([language('npm', 'pkg:npm/left-pad@1.0.0')], DEBIAN_12)).rejects.toThrow(BackendError);
  await source?.close();
});
